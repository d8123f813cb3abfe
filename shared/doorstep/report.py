"""What stands out in a region's checks, by driver."""

from datetime import datetime

from shared.doorstep import rules
from shared.doorstep.rules import LIMITS, Record
from shared.kernel.wire import View
from shared.storage.connection import Row
from shared.storage.work import Work


class DriverChecksView(View):
    """A driver's checks over a time. `manual`, `fast` and `far` are among the passed ones; `anomalies` are codes."""

    driver_id: str
    checks: int
    passed: int
    failed_scans: int
    manual: int
    manual_share: float
    fast: int
    far: int
    decoys_refused: int
    decoys_handed_over: int
    anomalies: list[str]


def by_driver(
    work: Work, region_id: str, since: datetime, driver_id: str | None, after: str, limit: int | None
) -> list[Row]:
    """Drivers who checked anybody or met a decoy since then, by their ids; one of them, or all when `driver_id` is None."""
    return work.run(
        _BY_DRIVER, region_id=region_id, since=since, driver_id=driver_id, after=after, limit=limit,
        fast_s=LIMITS.fast_s, far_m=LIMITS.far_m,
    )  # fmt: skip


def anomalous(work: Work, region_id: str, since: datetime, driver_id: str | None, after: str, limit: int) -> list[Row]:
    """Those of whom something stands out. A region's drivers are few enough to judge them all."""
    rows = by_driver(work, region_id, since, driver_id, after, None)
    return [row for row in rows if rules.anomalies(_record(row))][:limit]


def _record(row: Row) -> Record:
    return Record(**{name: row[name] for name in Record.__dataclass_fields__})


def view(row: Row) -> DriverChecksView:
    record = _record(row)
    return DriverChecksView(**row, manual_share=round(record.manual_share, 3), anomalies=list(rules.anomalies(record)))


_BY_DRIVER = """
    WITH drivers_of_region AS (
        SELECT driver_id FROM drivers WHERE region_id = :region_id AND driver_id > :after
            AND (CAST(:driver_id AS text) IS NULL OR driver_id = :driver_id)
    ), checked AS (
        SELECT driver_id, count(*) AS checks,
               count(*) FILTER (WHERE passed) AS passed,
               count(*) FILTER (WHERE method = 'scan' AND NOT document_read) AS failed_scans,
               count(*) FILTER (WHERE passed AND method = 'manual') AS manual,
               count(*) FILTER (WHERE passed AND at_door_s < :fast_s) AS fast,
               count(*) FILTER (WHERE passed AND distance_m > :far_m) AS far
        FROM doorstep_checks WHERE at >= :since GROUP BY driver_id
    ), met AS (
        SELECT driver_id, count(*) FILTER (WHERE outcome = 'refused') AS refused,
               count(*) FILTER (WHERE outcome = 'handed_over') AS handed_over
        FROM decoys WHERE updated_at >= :since AND driver_id IS NOT NULL GROUP BY driver_id
    )
    SELECT d.driver_id, coalesce(c.checks, 0) AS checks, coalesce(c.passed, 0) AS passed,
           coalesce(c.failed_scans, 0) AS failed_scans, coalesce(c.manual, 0) AS manual, coalesce(c.fast, 0) AS fast,
           coalesce(c.far, 0) AS far, coalesce(m.refused, 0) AS decoys_refused,
           coalesce(m.handed_over, 0) AS decoys_handed_over
    FROM drivers_of_region d LEFT JOIN checked c USING (driver_id) LEFT JOIN met m USING (driver_id)
    WHERE c.driver_id IS NOT NULL OR m.driver_id IS NOT NULL
    ORDER BY d.driver_id LIMIT :limit
"""
