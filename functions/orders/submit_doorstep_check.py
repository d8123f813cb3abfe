"""POST /v1/orders/{order_id}/doorstep_id_check/submit: the driver's check of the recipient's ID; only its outcome is kept."""

from typing import Literal

from pydantic import Field

from shared.compliance.facts import DoorstepFacts
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command, View
from shared.orders import rules, views
from shared.orders import service as orders
from shared.orders.states import Status
from shared.orders.views import OrderView
from shared.storage.work import Work


class SubmitDoorstepCheck(Command):
    method: Literal["scan", "manual"]
    document_read: bool
    over_age: bool
    expired: bool
    photo_match: bool
    signature_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class DoorstepView(View):
    passed: bool
    reasons: list[str]
    order: OrderView


@endpoint(
    "POST",
    "/v1/orders/{order_id}/doorstep_id_check/submit",
    roles={Role.DRIVER},
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES,
)
def submit_doorstep_check(command: SubmitDoorstepCheck, order_id: str, caller: Caller, work: Work) -> DoorstepView:
    order = orders.load(work, order_id)
    facts = DoorstepFacts(
        document_read=command.document_read,
        over_age=command.over_age,
        expired=command.expired,
        photo_match=command.photo_match,
        signed=command.signature_sha256 is not None,
    )
    decision = rules.check_doorstep(
        order.facts, order.policy, facts, method=command.method, signature_sha256=command.signature_sha256
    )
    order = orders.apply(work, order, decision, Actor.of(caller))
    return DoorstepView(
        passed=decision.target == Status.DOORSTEP_PASSED,
        reasons=decision.data.get("reasons", []),
        order=views.order(order, caller),
    )
