"""GET /v1/customers/me/orders: one's own orders, newest first."""

from shared.customers import service as customers
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Caller, Role
from shared.orders import views
from shared.orders.service import Order
from shared.orders.states import Status
from shared.orders.views import OrderView
from shared.storage.work import Work


class MyOrders(PageQuery):
    status: Status | None = None


@endpoint("GET", "/v1/customers/me/orders", roles={Role.CUSTOMER})
def list_my_orders(query: MyOrders, caller: Caller, work: Work) -> Page[OrderView]:
    rows = customers.orders(work, caller.tenant_id, query.status, query.after, query.fetch)
    return page(rows, query, "order_id", lambda row: views.order(Order(row), caller))
