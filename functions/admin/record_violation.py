"""POST /v1/admin/stores/{store_id}/violations: write down a violation that an authority found at a store."""

from datetime import date

from pydantic import Field

from shared.compliance.requirements import ViolationKind
from shared.credentials import views, violations
from shared.credentials.views import AuditedViolationView, ConductView
from shared.credentials.violations import Finding
from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class RecordViolation(Command):
    """`occurred_on` is the day of the violation itself, by the store's calendar."""

    kind: ViolationKind
    occurred_on: date = Field(ge=date(2000, 1, 1))
    authority: str = Field(min_length=2, max_length=120, description="Who found it: Texas Comptroller")
    reference: str = Field(min_length=2, max_length=120, description="The authority's own number; no personal data")


@endpoint(
    "POST",
    "/v1/admin/stores/{store_id}/violations",
    roles={Role.ADMIN},
    idempotency="optional",
    status=201,
)
def record_violation(
    command: RecordViolation, store_id: str, caller: Caller, work: Work
) -> ConductView[AuditedViolationView]:
    finding = Finding(command.kind, command.occurred_on, command.authority, command.reference)
    return views.conduct(violations.record(work, store_id, finding, caller.account_id), AuditedViolationView)
