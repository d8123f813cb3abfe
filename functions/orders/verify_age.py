"""POST /v1/orders/{order_id}/verify_age: the checkout age check; what is sent goes to the provider and is not kept."""

from datetime import date

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import clearance, views
from shared.orders.states import Status
from shared.orders.views import OrderView
from shared.storage.work import Work
from shared.verification.protocol import Subject
from shared.verification.service import verify_age as check_age
from shared.wiring.verification import verifier

NAME = r'^[^!#$%*=<>;{}"]*$'
"""What every provider can take, so that none refuses a check that is begun."""


class VerifyAge(Command):
    """`consent_version` names the text that the customer agreed to; needed where a face is compared."""

    full_name: str = Field(min_length=2, max_length=200, pattern=NAME)
    birth_date: date = Field(ge=date(1900, 1, 1), le=date(2100, 1, 1))
    residence_line: str = Field(min_length=3, max_length=300)
    consent_version: str | None = Field(default=None, max_length=64)


class AgeCheckedView(OrderView):
    """`sdk_token` lets the customer's device take the pictures that the provider's pending check needs."""

    sdk_token: str | None


@endpoint(
    "POST",
    "/v1/orders/{order_id}/verify_age",
    roles={Role.CUSTOMER},
    owner=Owner.ORDER,
    idempotency="required",
    pending=lambda checked: checked.status == Status.AGE_PENDING,
    uses=PUBLISHES | {Resource.VERIFICATION},
)
def verify_age(command: VerifyAge, order_id: str, caller: Caller, work: Work) -> AgeCheckedView:
    subject, actor = Subject(command.full_name, command.birth_date, command.residence_line), Actor.of(caller)
    with clearance.refusals_recorded(work, order_id, actor):
        asked = check_age(work, order_id, subject, command.consent_version, actor, verifier())
    return AgeCheckedView(**dict(views.order(asked.order, caller)), sdk_token=asked.sdk_token)
