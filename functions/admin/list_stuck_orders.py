"""GET /v1/admin/orders/stuck: orders that rest too long or that no driver takes; oldest first."""

from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.operations.state import OrderSummaryView, order_summary
from shared.storage.work import Work

_STUCK = """
    SELECT * FROM orders WHERE stuck_reason IS NOT NULL AND (:after = '' OR order_id > :after)
    ORDER BY order_id LIMIT :fetch
"""


@endpoint("GET", "/v1/admin/orders/stuck", roles=OPERATORS)
def list_stuck_orders(query: PageQuery, work: Work) -> Page[OrderSummaryView]:
    return page(work.run(_STUCK, after=query.after, fetch=query.fetch), query, "order_id", order_summary)
