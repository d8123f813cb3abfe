"""POST /v1/orders/{order_id}/doorstep_id_check/submit: the driver's check of the recipient's ID; only its outcome is kept."""

from pydantic import Field

from shared.compliance.facts import DoorstepFacts
from shared.doorstep import service as doorstep
from shared.doorstep.rules import Method
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command, View
from shared.orders import views
from shared.orders.views import OrderView
from shared.storage.work import Work


class SubmitDoorstepCheck(Command):
    """What the check came to. Nothing that was read from the document has a place here, nor a hash of it."""

    method: Method
    document_read: bool
    over_age: bool
    expired: bool
    photo_match: bool
    signature_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class DoorstepView(View):
    """`grade` is how strong the evidence is. `manual_offered`: after three scans that read nothing."""

    passed: bool
    reasons: list[str]
    grade: str
    scans_left: int
    manual_offered: bool
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
    facts = DoorstepFacts(
        document_read=command.document_read,
        over_age=command.over_age,
        expired=command.expired,
        photo_match=command.photo_match,
        signed=command.signature_sha256 is not None,
    )
    checked = doorstep.submit(work, order_id, caller.tenant_id, command.method, facts, command.signature_sha256)
    return DoorstepView(
        passed=checked.passed,
        reasons=checked.reasons,
        grade=checked.grade,
        scans_left=checked.scans_left,
        manual_offered=checked.scans_left == 0,
        order=views.order(checked.order, caller),
    )
