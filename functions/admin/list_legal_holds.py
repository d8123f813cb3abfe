"""GET /v1/admin/subjects/{subject_id}/legal_holds: the holds that were ever placed, the lifted ones too."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work
from shared.vault import holds, views
from shared.vault.views import LegalHoldsView


@endpoint("GET", "/v1/admin/subjects/{subject_id}/legal_holds", roles={Role.ADMIN})
def list_legal_holds(subject_id: str, work: Work) -> LegalHoldsView:
    return LegalHoldsView(items=[views.legal_hold(row) for row in holds.listed(work, subject_id)])
