"""GET /v1/admin/drivers/doorstep_checks: a region's drivers with how they checked recipients, and what stands out."""

from datetime import timedelta

from pydantic import Field

from shared.doorstep import report
from shared.doorstep.report import DriverChecksView
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.storage.work import Work


class ListDoorstepChecks(PageQuery):
    """`anomalous` leaves out drivers of whom nothing stands out."""

    region_id: str = Field(min_length=1, max_length=64)
    days: int = Field(default=30, ge=1, le=365)
    driver_id: str | None = Field(default=None, max_length=64)
    anomalous: bool = False


@endpoint("GET", "/v1/admin/drivers/doorstep_checks", roles={Role.ADMIN})
def list_doorstep_checks(query: ListDoorstepChecks, work: Work) -> Page[DriverChecksView]:
    since = work.now - timedelta(days=query.days)
    if query.anomalous:
        rows = report.anomalous(work, query.region_id, since, query.driver_id, query.after, query.fetch)
    else:
        rows = report.by_driver(work, query.region_id, since, query.driver_id, query.after, query.fetch)
    return page(rows, query, "driver_id", report.view)
