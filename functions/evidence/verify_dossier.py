"""GET /v1/orders/{order_id}/dossier/verify: recompute the chain; a broken one names its first broken link."""

from shared.dossier import service as dossiers
from shared.dossier import views
from shared.dossier.views import VerdictView
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/orders/{order_id}/dossier/verify", roles={Role.MERCHANT} | OPERATORS, owner=Owner.ORDER)
def verify_dossier(order_id: str, work: Work) -> VerdictView:
    return views.verdict(order_id, dossiers.check(work, order_id))
