"""GET /v1/drivers/{driver_id}/documents: the newest document of each kind, as it stands today."""

from shared.credentials import documents, views
from shared.credentials.views import DocumentView
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.work import Work


class DocumentsView(View):
    items: list[DocumentView]
    next_cursor: str | None = None


@endpoint("GET", "/v1/drivers/{driver_id}/documents", roles={Role.DRIVER, Role.ADMIN}, owner=Owner.DRIVER)
def list_documents(driver_id: str, work: Work) -> DocumentsView:
    today = work.now.date()
    return DocumentsView(items=[views.document(row, today) for row in documents.listed(work, driver_id)])
