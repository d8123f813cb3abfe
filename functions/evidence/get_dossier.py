"""GET /v1/orders/{order_id}/dossier: the order's chain of evidence, whole."""

from shared.dossier import service as dossiers
from shared.dossier import views
from shared.dossier.views import DossierView
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.storage.work import Work


@endpoint("GET", "/v1/orders/{order_id}/dossier", roles={Role.MERCHANT} | OPERATORS, owner=Owner.ORDER)
def get_dossier(order_id: str, work: Work) -> DossierView:
    return views.dossier(order_id, dossiers.events(work, order_id))
