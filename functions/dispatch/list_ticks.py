"""GET /v1/admin/dispatch/ticks: the latest ticks of a region, newest first."""

from datetime import datetime

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.connection import Row
from shared.storage.work import Work

_TICKS = """
    SELECT tick_id, at, jobs, drivers, offers, solve_ms, total_ms FROM ticks
    WHERE region_id = :region_id AND (:after = '' OR tick_id < :after)
    ORDER BY tick_id DESC LIMIT :fetch
"""


class TicksQuery(PageQuery):
    region_id: str = Field(min_length=1, max_length=64)


class TickSummaryView(View):
    id: str
    at: datetime
    jobs: int
    drivers: int
    offers: int
    solve_ms: float
    total_ms: float


@endpoint("GET", "/v1/admin/dispatch/ticks", roles={Role.ADMIN})
def list_ticks(query: TicksQuery, work: Work) -> Page[TickSummaryView]:
    rows = work.run(_TICKS, region_id=query.region_id, after=query.after, fetch=query.fetch)
    return page(rows, query, "tick_id", _view)


def _view(row: Row) -> TickSummaryView:
    return TickSummaryView(id=row["tick_id"], **{name: row[name] for name in row if name != "tick_id"})
