"""GET /v1/admin/analytics/dispatch: how well dispatch does over time: offers, arrivals, how true its ETAs were."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.operations import analytics
from shared.operations.analytics import AnalyticsQuery, DispatchAnalyticsView
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/analytics/dispatch", roles={Role.ADMIN})
def get_dispatch_analytics(query: AnalyticsQuery, work: Work) -> DispatchAnalyticsView:
    return analytics.dispatch(work, query)
