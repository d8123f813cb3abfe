"""POST /v1/admin/drivers/{driver_id}/documents/{document_id}/review: accept, turn down or revoke a driver's document."""

from typing import Literal

from pydantic import Field

from shared.compliance.credentials import CredentialStep
from shared.credentials import documents, views
from shared.credentials.views import DocumentView
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class ReviewDocument(Command):
    """`attested` is what the reviewer found: on the licence that its holder is 21, on the insurance that it covers delivery."""

    decision: Literal["begin_review", "verify", "reject", "revoke"]
    reason: str | None = Field(default=None, max_length=500)
    attested: list[Literal["age_21", "delivery_endorsement"]] = Field(default_factory=list, max_length=2)


@endpoint(
    "POST",
    "/v1/admin/drivers/{driver_id}/documents/{document_id}/review",
    roles={Role.ADMIN},
    idempotency="optional",
)
def review_driver_document(command: ReviewDocument, driver_id: str, document_id: str, work: Work) -> DocumentView:
    step = CredentialStep(command.decision)
    reviewed = documents.review(work, driver_id, document_id, step, command.reason, command.attested)
    return views.document(reviewed, work.now.date())
