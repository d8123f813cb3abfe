"""GET /v1/admin/stores/{store_id}/violations: all that were ever recorded, with who did, and what the next may bring."""

from shared.credentials import views, violations
from shared.credentials.views import AuditedViolationView, ConductView
from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/stores/{store_id}/violations", roles=OPERATORS)
def list_violations(store_id: str, work: Work) -> ConductView[AuditedViolationView]:
    return views.conduct(violations.read(work, store_id), AuditedViolationView)
