"""GET /v1/merchants/{merchant_id}/orders: the merchant's orders, newest first."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Caller, Role
from shared.orders import views
from shared.orders.service import Order
from shared.orders.states import Status
from shared.orders.views import OrderView
from shared.storage.work import Work

_ORDERS = """
    SELECT * FROM orders
    WHERE merchant_id = :merchant_id AND (CAST(:status AS text) IS NULL OR status = :status)
      AND (:after = '' OR order_id < :after)
    ORDER BY order_id DESC LIMIT :fetch
"""


class MerchantOrders(PageQuery):
    status: Status | None = None


@endpoint("GET", "/v1/merchants/{merchant_id}/orders", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def list_merchant_orders(query: MerchantOrders, merchant_id: str, caller: Caller, work: Work) -> Page[OrderView]:
    rows = work.run(_ORDERS, merchant_id=merchant_id, status=query.status, after=query.after, fetch=query.fetch)
    return page(rows, query, "order_id", lambda row: views.order(Order(row), caller))
