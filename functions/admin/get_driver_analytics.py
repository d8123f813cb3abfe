"""GET /v1/admin/analytics/drivers: a region's drivers over time: who was asked, who took, what was earned."""

from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.operations import analytics
from shared.operations.analytics import AnalyticsQuery, DriverAnalyticsView
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/analytics/drivers", roles={Role.ADMIN})
def get_driver_analytics(query: AnalyticsQuery, work: Work) -> DriverAnalyticsView:
    return analytics.drivers(work, query)
