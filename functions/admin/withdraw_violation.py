"""POST /v1/admin/stores/{store_id}/violations/{violation_id}/withdraw: a wrong one stays on record and counts no longer."""

from pydantic import Field

from shared.credentials import views, violations
from shared.credentials.views import AuditedViolationView, ConductView
from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class WithdrawViolation(Command):
    reason: str = Field(min_length=1, max_length=500, description="What was wrong about it; no personal data")


@endpoint(
    "POST",
    "/v1/admin/stores/{store_id}/violations/{violation_id}/withdraw",
    roles={Role.ADMIN},
    idempotency="optional",
)
def withdraw_violation(
    command: WithdrawViolation, store_id: str, violation_id: str, caller: Caller, work: Work
) -> ConductView[AuditedViolationView]:
    found = violations.withdraw(work, store_id, violation_id, command.reason, caller.account_id)
    return views.conduct(found, AuditedViolationView)
