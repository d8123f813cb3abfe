"""GET /v1/admin/analytics/orders: a region's orders over time: how many, what became of them, how long they took."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.operations import analytics
from shared.operations.analytics import AnalyticsQuery, OrderAnalyticsView
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/analytics/orders", roles={Role.ADMIN})
def get_order_analytics(query: AnalyticsQuery, work: Work) -> OrderAnalyticsView:
    return analytics.orders(work, query)
