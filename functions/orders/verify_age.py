"""POST /v1/orders/{order_id}/verify_age: the checkout age check; what is sent goes to the provider and is not kept."""

from datetime import date

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import views
from shared.orders.views import OrderView
from shared.storage.work import Work
from shared.verification.protocol import Subject
from shared.verification.service import verify_age as check_age
from shared.wiring.verification import verifier


class VerifyAge(Command):
    full_name: str = Field(min_length=2, max_length=200)
    birth_date: date = Field(ge=date(1900, 1, 1), le=date(2100, 1, 1))
    residence_line: str = Field(min_length=3, max_length=300)
    consent_version: str | None = Field(default=None, max_length=64)


@endpoint(
    "POST",
    "/v1/orders/{order_id}/verify_age",
    roles={Role.CUSTOMER},
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES | {Resource.VERIFICATION},
)
def verify_age(command: VerifyAge, order_id: str, caller: Caller, work: Work) -> OrderView:
    subject = Subject(command.full_name, command.birth_date, command.residence_line)
    order = check_age(work, order_id, subject, Actor.of(caller), verifier())
    return views.order(order, caller)
