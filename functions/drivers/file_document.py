"""POST /v1/drivers/{driver_id}/documents: file a document; the vendor keeps its picture, we keep a token."""

from datetime import date

from pydantic import Field

from shared.compliance.credentials import DocumentKind
from shared.credentials import documents, views
from shared.credentials.views import DocumentView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class FileDocument(Command):
    kind: DocumentKind
    vendor_token: str = Field(min_length=3, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")
    issuer: str = Field(min_length=2, max_length=80)
    expires_on: date | None = None


@endpoint(
    "POST",
    "/v1/drivers/{driver_id}/documents",
    roles={Role.DRIVER, Role.ADMIN},
    owner=Owner.DRIVER,
    idempotency="optional",
    status=201,
)
def file_document(command: FileDocument, driver_id: str, work: Work) -> DocumentView:
    filed = documents.file(work, driver_id, command.kind, command.vendor_token, command.issuer, command.expires_on)
    return views.document(filed, work.now.date())
