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
    SELECT t.tick_id, t.slot_at, t.at, t.jobs, t.drivers, t.offers, t.solve_ms, t.total_ms, t.stages AS stages_ms,
           skipped.late AS slots_late, skipped.taken AS slots_taken
    FROM ticks t, LATERAL (
        SELECT max(slot_at) AS slot_at FROM ticks f WHERE f.region_id = t.region_id AND f.slot_at < t.slot_at
    ) AS former, LATERAL (
        SELECT count(*) FILTER (WHERE outcome = 'late') AS late, count(*) FILTER (WHERE outcome = 'taken') AS taken
        FROM skipped_slots s
        WHERE s.region_id = t.region_id AND s.slot_at < t.slot_at AND s.slot_at > coalesce(former.slot_at, '-infinity')
    ) AS skipped
    WHERE t.region_id = :region_id AND (:after = '' OR t.tick_id < :after)
    ORDER BY t.tick_id DESC LIMIT :fetch
"""


class TicksQuery(PageQuery):
    region_id: str = Field(min_length=1, max_length=64)


class TickSummaryView(View):
    """`slots_late` and `slots_taken` were skipped since the tick before: called too late, or while another tick ran."""

    id: str
    slot_at: datetime
    at: datetime
    jobs: int
    drivers: int
    offers: int
    solve_ms: float
    total_ms: float
    stages_ms: dict[str, float]
    slots_late: int
    slots_taken: int


@endpoint("GET", "/v1/admin/dispatch/ticks", roles={Role.ADMIN})
def list_ticks(query: TicksQuery, work: Work) -> Page[TickSummaryView]:
    rows = work.run(_TICKS, region_id=query.region_id, after=query.after, fetch=query.fetch)
    return page(rows, query, "tick_id", _view)


def _view(row: Row) -> TickSummaryView:
    return TickSummaryView(id=row["tick_id"], **{name: row[name] for name in row if name != "tick_id"})
