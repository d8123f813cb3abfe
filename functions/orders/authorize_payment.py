"""POST /v1/orders/{order_id}/payment/authorize: hold the total now; it is captured at delivery or given back."""

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.orders import views
from shared.orders.views import OrderView
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class AuthorizePayment(Command):
    payment_method: str = Field(min_length=4, max_length=128, pattern=r"^(tok|pm)_[A-Za-z0-9_]+$")


@endpoint(
    "POST",
    "/v1/orders/{order_id}/payment/authorize",
    roles={Role.CUSTOMER},
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def authorize_payment(command: AuthorizePayment, order_id: str, caller: Caller, work: Work) -> OrderView:
    return views.order(payments.authorize(work, order_id, command.payment_method, processor), caller)
