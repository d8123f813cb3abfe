"""POST /v1/merchants: apply to sell; the application is reviewed before anything is sold."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.fields import ExternalId, Name
from shared.merchants.views import MerchantView
from shared.storage.work import Work


class ApplyAsMerchant(Command):
    name: Name
    external_id: ExternalId | None = None


@endpoint("POST", "/v1/merchants", roles={Role.MERCHANT}, idempotency="optional", status=201)
def apply_as_merchant(command: ApplyAsMerchant, caller: Caller, work: Work) -> MerchantView:
    return views.merchant(merchants.apply(work, caller.tenant_id, command.name, command.external_id))
