"""DELETE /v1/admin/subjects/{subject_id}/legal_holds/{hold_id}: lift a hold; what was due meanwhile is destroyed soon."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work
from shared.vault import holds, views
from shared.vault.views import LegalHoldView


@endpoint("DELETE", "/v1/admin/subjects/{subject_id}/legal_holds/{hold_id}", roles={Role.ADMIN})
def lift_legal_hold(subject_id: str, hold_id: str, caller: Caller, work: Work) -> LegalHoldView:
    return views.legal_hold(holds.lift(work, subject_id, hold_id, caller.account_id))
