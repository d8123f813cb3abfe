"""POST /v1/merchants/{merchant_id}/permits: file a permit or its renewal; restricted goods sell once it is verified."""

from datetime import date

from pydantic import Field

from shared.compliance.credentials import PermitKind
from shared.credentials import permits, views
from shared.credentials.views import PermitView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class FilePermit(Command):
    kind: PermitKind
    number: str = Field(min_length=3, max_length=64)
    expires_on: date
    store_id: str | None = Field(default=None, min_length=1, max_length=64)


@endpoint(
    "POST",
    "/v1/merchants/{merchant_id}/permits",
    roles={Role.MERCHANT, Role.ADMIN},
    owner=Owner.MERCHANT,
    idempotency="optional",
    status=201,
)
def file_permit(command: FilePermit, merchant_id: str, work: Work) -> PermitView:
    filed = permits.file(work, merchant_id, command.kind, command.number, command.expires_on, command.store_id)
    return views.permit(filed, work.now.date())
