"""POST /v1/merchants/{merchant_id}/permits: file a permit or its renewal; restricted goods sell only under a current one."""

from datetime import date

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.rules import PermitKind
from shared.merchants.views import PermitView
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
    return views.permit(
        merchants.file_permit(work, merchant_id, command.kind, command.number, command.expires_on, command.store_id)
    )
