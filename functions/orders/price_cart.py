"""POST /v1/orders/price: price a cart; the price holds for 15 minutes and is redeemed once."""

from pydantic import Field, model_validator

from shared.customers import service as customers
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command, PositionModel
from shared.orders import price_view, quotes
from shared.orders.price_view import PriceView
from shared.storage.work import Work


class CartItem(Command):
    product_id: str = Field(max_length=64)
    quantity: int = Field(ge=1, le=99)


class PriceCart(Command):
    store_id: str = Field(max_length=64)
    address_id: str | None = Field(
        default=None, max_length=64, description="A saved address; restricted goods need one"
    )
    dropoff: PositionModel | None = Field(default=None, description="For a cart without restricted goods")
    items: list[CartItem] = Field(min_length=1, max_length=50)
    tip_minor: int = Field(default=0, ge=0, le=100_000)

    @model_validator(mode="after")
    def one_destination_and_no_item_twice(self) -> "PriceCart":
        if (self.address_id is None) == (self.dropoff is None):
            raise ValueError("send either address_id or dropoff")
        if len({item.product_id for item in self.items}) < len(self.items):
            raise ValueError("name each product once, with its quantity")
        return self


@endpoint("POST", "/v1/orders/price", roles={Role.CUSTOMER}, sizing=BUSY)
def price_cart(command: PriceCart, caller: Caller, work: Work) -> PriceView:
    if command.dropoff is not None:
        dropoff = command.dropoff.position()
    else:
        dropoff = customers.address_position(work, caller.tenant_id, command.address_id or "")
    items = [quotes.CartItem(item.product_id, item.quantity) for item in command.items]
    quoted = quotes.quote(
        work, caller.tenant_id, command.store_id, items, dropoff, command.address_id, command.tip_minor
    )
    return price_view.view(quoted)
