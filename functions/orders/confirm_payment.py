"""POST /v1/orders/{order_id}/payment/confirm: the customer has paid on the store's own terminal at the door."""

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import views
from shared.orders.views import OrderView
from shared.payments import terminals
from shared.storage.work import Work
from shared.wiring.payments import processor


class ConfirmPayment(Command):
    """`receipt` is the number that the terminal printed; too short for a card's."""

    amount_minor: int = Field(ge=1, le=100_000_000)
    receipt: str = Field(min_length=1, max_length=11, pattern=r"^[A-Za-z0-9-]+$")


@endpoint(
    "POST",
    "/v1/orders/{order_id}/payment/confirm",
    roles={Role.DRIVER, Role.MERCHANT},
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def confirm_payment(command: ConfirmPayment, order_id: str, caller: Caller, work: Work) -> OrderView:
    actor = Actor.of(caller)
    order = terminals.confirm(work, order_id, command.amount_minor, command.receipt, actor, processor)
    return views.order(order, caller)
