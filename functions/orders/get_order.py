"""GET /v1/orders/{order_id}: an order with its timeline and what may be done next."""

from shared.http.declaration import ANY_ROLE, Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY
from shared.kernel.roles import Caller
from shared.orders import service as orders
from shared.orders import views
from shared.orders.views import OrderView
from shared.storage.work import Work


@endpoint("GET", "/v1/orders/{order_id}", roles=ANY_ROLE, owner=Owner.ORDER, sizing=BUSY)
def get_order(order_id: str, caller: Caller, work: Work) -> OrderView:
    return views.order(orders.read(work, order_id), caller)
