"""POST /v1/admin/merchants/{merchant_id}/permits/{permit_id}/review: accept, turn down or revoke a merchant's permit."""

from typing import Literal

from pydantic import Field

from shared.compliance.credentials import CredentialStep
from shared.credentials import permits, views
from shared.credentials.views import PermitView
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class ReviewPermit(Command):
    decision: Literal["begin_review", "verify", "reject", "revoke"]
    reason: str | None = Field(default=None, max_length=500)


@endpoint(
    "POST",
    "/v1/admin/merchants/{merchant_id}/permits/{permit_id}/review",
    roles={Role.ADMIN},
    idempotency="optional",
)
def review_permit(command: ReviewPermit, merchant_id: str, permit_id: str, work: Work) -> PermitView:
    reviewed = permits.review(work, merchant_id, permit_id, CredentialStep(command.decision), command.reason)
    return views.permit(reviewed, work.now.date())
