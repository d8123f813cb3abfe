"""POST /v1/admin/subjects/{subject_id}/legal_holds: from now on nothing of this customer, driver or merchant is destroyed."""

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work
from shared.vault import holds, views
from shared.vault.views import LegalHoldView


class PlaceLegalHold(Command):
    reason: str = Field(min_length=1, max_length=500, description="The matter and who asks for it; no personal data")


@endpoint(
    "POST",
    "/v1/admin/subjects/{subject_id}/legal_holds",
    roles={Role.ADMIN},
    idempotency="optional",
    status=201,
)
def place_legal_hold(command: PlaceLegalHold, subject_id: str, caller: Caller, work: Work) -> LegalHoldView:
    return views.legal_hold(holds.place(work, subject_id, command.reason, caller.account_id))
