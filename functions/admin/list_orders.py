"""GET /v1/admin/orders: search orders by status, id or tracking number; newest first."""

from pydantic import Field

from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.operations.state import OrderSummaryView, order_summary
from shared.orders.states import Status
from shared.storage.work import Work

_SEARCH = """
    SELECT * FROM orders
    WHERE (CAST(:status AS text) IS NULL OR status = :status)
      AND (CAST(:region_id AS text) IS NULL OR region_id = :region_id)
      AND (CAST(:q AS text) IS NULL OR order_id = :q OR tracking_id = :q OR strpos(lower(store_name), lower(:q)) > 0)
      AND (NOT CAST(:stuck AS boolean) OR stuck_reason IS NOT NULL)
      AND (:after = '' OR order_id < :after)
    ORDER BY order_id DESC LIMIT :fetch
"""


class SearchOrders(PageQuery):
    status: Status | None = None
    region_id: str | None = Field(default=None, max_length=64)
    q: str | None = Field(default=None, max_length=120)
    stuck: bool = False


@endpoint("GET", "/v1/admin/orders", roles=OPERATORS)
def list_orders(query: SearchOrders, work: Work) -> Page[OrderSummaryView]:
    rows = work.run(
        _SEARCH,
        status=query.status,
        region_id=query.region_id,
        q=query.q or None,
        stuck=query.stuck,
        after=query.after,
        fetch=query.fetch,
    )
    return page(rows, query, "order_id", order_summary)
