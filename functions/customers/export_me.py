"""GET /v1/customers/me/export: everything that is stored about oneself, in one file."""

from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Caller, Role
from shared.privacy import export, views
from shared.privacy.views import ExportView
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


@endpoint(
    "GET",
    "/v1/customers/me/export",
    roles={Role.CUSTOMER},
    uses=READS | {Resource.VAULT},
    attachment="everything-about-me.json",
)
def export_me(caller: Caller, work: Work) -> ExportView:
    return views.of_customer(export.of_customer(work, caller.tenant_id, caller.account_id, key_encryption()), caller)
