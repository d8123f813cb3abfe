"""POST /v1/admin/drivers/{driver_id}/documents/{document_id}/review: accept or turn down a driver's document."""

from typing import Literal

from pydantic import Field

from shared.drivers import service as drivers
from shared.drivers import views
from shared.drivers.rules import DocumentStatus
from shared.drivers.views import DocumentView
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work

STATUS = {"verify": DocumentStatus.VERIFIED, "reject": DocumentStatus.REJECTED, "revoke": DocumentStatus.REVOKED}


class ReviewDocument(Command):
    decision: Literal["verify", "reject", "revoke"]
    reason: str | None = Field(default=None, max_length=500)


@endpoint(
    "POST",
    "/v1/admin/drivers/{driver_id}/documents/{document_id}/review",
    roles={Role.ADMIN},
    idempotency="optional",
)
def review_driver_document(command: ReviewDocument, driver_id: str, document_id: str, work: Work) -> DocumentView:
    reviewed = drivers.review_document(work, driver_id, document_id, STATUS[command.decision])
    return views.document(reviewed, work.now.date())
