"""What a minute of a region is decided on: its stores' orders, its drivers, the multipliers in force."""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

import numpy as np

from shared.dispatch import hints
from shared.dispatch.engine.columns import Floats, Ints, Strings
from shared.dispatch.packed import Columns, packed
from shared.dispatch.rules import FRESH as FRESH_POSITION
from shared.dispatch.zones import forecast
from shared.dispatch.zones.cells import Zoning, cover
from shared.dispatch.zones.forecast import Counts
from shared.dispatch.zones.reposition import Fleet
from shared.dispatch.zones.snapshot import FRESH
from shared.kernel.clock import rfc3339
from shared.kernel.ids import first_id
from shared.orders.surge import NONE_BPS
from shared.storage.work import Work

BACKFILL = timedelta(weeks=forecast.WEEKS)
"""How far back a region counts its orders when it counts them for the first time."""


@dataclass(frozen=True, slots=True, eq=False)
class Observation:
    """`demand` and `waiting`, float64[zones]: orders expected, and tasks that wait for a driver.

    `surge_bps`, int64[zones], is in force; `underway`, float64[zones], drivers who were pointed there a short while ago.
    """

    zoning: Zoning
    demand: Floats
    waiting: Floats
    surge_bps: Ints
    underway: Floats
    driver_id: Strings
    fleet: Fleet

    @property
    def supply(self) -> Floats:
        """float64[zones]: drivers online who are there, or will be when their task ends."""
        return _totals(self.fleet.zone, np.ones(len(self.fleet.zone)), len(self.zoning))


def read(work: Work, region_id: str, timezone: str, resolution: int) -> Observation:
    """Count the latest orders, then read everything. A region without stores has no zones."""
    count_orders(work, region_id)
    stores, weeks = _stores(work, region_id, timezone)
    zoning = cover(stores.floats("lat"), stores.floats("lng"), resolution)
    home = zoning.locate(stores.floats("lat"), stores.floats("lng"))

    def per_zone(name: str) -> Floats:
        return _totals(home, stores.floats(name), len(zoning))

    counts = Counts(
        stores=_totals(home, np.ones(len(home)), len(zoning)),
        ahead=per_zone("ahead"),
        usual=per_zone("usual"),
        recent=per_zone("recent"),
    )
    surge_bps, underway = _present(work, region_id, zoning)
    driver_id, fleet = _fleet(work, region_id, zoning)
    demand = forecast.forecast(counts, weeks)
    return Observation(zoning, demand, per_zone("waiting"), surge_bps, underway, driver_id, fleet)


def count_orders(work: Work, region_id: str) -> None:
    """Bring the orders per store and half hour up to now, however long ago that was done last. Doing it twice adds nothing.

    The newest half hours are counted again: they were not over, or an order of theirs was not committed yet.
    """
    newest = work.run(_COUNTED, region_id=region_id)[0]["newest"]
    since = newest - forecast.HORIZON if newest else forecast.half_hour_of(work.now - BACKFILL)
    work.run(_COUNT, region_id=region_id, first=first_id("ord", since))


def _stores(work: Work, region_id: str, timezone: str) -> tuple[Columns, float]:
    """Columns per store, and the weight of the weeks behind the sums."""
    known_since = work.run(_COUNTED, region_id=region_id)[0]["oldest"]
    slots, weeks = forecast.slots(work.now, timezone, known_since)
    row = work.run(
        _STORES,
        region_id=region_id,
        slots=json.dumps([asdict(slot) | {"half_hour": rfc3339(slot.half_hour)} for slot in slots]),
        first=first_id("ord", work.now - forecast.RECENT),
        now=work.now,
    )[0]
    return Columns(row), weeks


def _present(work: Work, region_id: str, zoning: Zoning) -> tuple[Ints, Floats]:
    """(multipliers in force, drivers under way), by zone; what has not been renewed for long is no longer in force."""
    at = {cell: row for row, cell in enumerate(zoning.cell.tolist())}
    surge_bps, underway = np.full(len(zoning), NONE_BPS, dtype=np.int64), np.zeros(len(zoning))
    for row in work.run(_PRESENT, region_id=region_id, now=work.now, fresh_after=work.now - FRESH):
        if row["cell"] in at:
            surge_bps[at[row["cell"]]] = row["surge_bps"]
            underway[at[row["cell"]]] = row["underway"]
    return surge_bps, underway


def _fleet(work: Work, region_id: str, zoning: Zoning) -> tuple[Strings, Fleet]:
    now = work.now
    table = Columns(
        work.run(_FLEET, region_id=region_id, fresh_after=now - FRESH_POSITION, rested_after=now - hints.REST)[0]
    )
    lat, lng = table.floats("lat"), table.floats("lng")
    zone = zoning.locate(lat, lng)
    return table.ids, Fleet(lat, lng, zone, table.floats("idle") > 0, table.floats("rested") > 0)


def _totals(zone: Ints, value: Floats, zones: int) -> Floats:
    inside = zone >= 0
    return np.bincount(zone[inside], weights=value[inside], minlength=zones).astype(np.float64)


_COUNTED = "SELECT min(half_hour) AS oldest, max(half_hour) AS newest FROM store_demand WHERE region_id = :region_id"

# The id says when an order was placed, and is the table's key.
_COUNT = """
    INSERT INTO store_demand (region_id, half_hour, store_id, orders)
    SELECT region_id, to_timestamp(floor(extract(epoch FROM created_at) / 1800) * 1800), store_id, count(*)
    FROM orders
    WHERE region_id = :region_id AND order_id >= :first
      AND status NOT IN ('age_failed', 'merchant_rejected', 'cancelled')
    GROUP BY 1, 2, 3
    ON CONFLICT (region_id, half_hour, store_id) DO UPDATE SET orders = EXCLUDED.orders
        WHERE store_demand.orders <> EXCLUDED.orders
"""

_STORES = f"""
    WITH season AS (
        SELECT d.store_id, sum(d.orders * s.ahead) AS ahead, sum(d.orders * s.usual) AS usual
        FROM jsonb_to_recordset(CAST(:slots AS jsonb))
            AS s(half_hour timestamptz, ahead double precision, usual double precision)
        JOIN store_demand d ON d.region_id = :region_id AND d.half_hour = s.half_hour
        GROUP BY d.store_id
    ), recent AS (
        SELECT store_id, count(*) AS orders FROM orders
        WHERE region_id = :region_id AND order_id >= :first
          AND status NOT IN ('age_failed', 'merchant_rejected', 'cancelled')
        GROUP BY store_id
    ), waiting AS (
        SELECT o.store_id, count(*) AS tasks FROM tasks t JOIN orders o USING (order_id)
        WHERE t.region_id = :region_id AND t.status = 'open' AND t.open_from <= :now
        GROUP BY o.store_id
    )
    SELECT NULL AS ids, {packed("lat", "lng", "ahead", "usual", "recent", "waiting")}
    FROM (
        SELECT s.lat, s.lng, coalesce(season.ahead, 0) AS ahead, coalesce(season.usual, 0) AS usual,
               CAST(coalesce(recent.orders, 0) AS float8) AS recent, CAST(coalesce(waiting.tasks, 0) AS float8) AS waiting
        FROM stores s
            LEFT JOIN season USING (store_id) LEFT JOIN recent USING (store_id) LEFT JOIN waiting USING (store_id)
        WHERE s.region_id = :region_id
        ORDER BY s.store_id
    ) AS store
"""

_PRESENT = """
    SELECT z.cell, CASE WHEN z.at > :fresh_after THEN z.surge_bps ELSE 10000 END AS surge_bps,
           (SELECT count(*) FROM reposition_hints h
            WHERE h.region_id = z.region_id AND h.to_cell = z.cell AND h.arrived IS NULL AND h.expires_at > :now) AS underway
    FROM zones z WHERE z.region_id = :region_id
"""

_FLEET = f"""
    SELECT string_agg(driver_id, ',') AS ids, {packed("lat", "lng", "idle", "rested")}
    FROM (
        SELECT d.driver_id, coalesce(t.dropoff_lat, p.lat) AS lat, coalesce(t.dropoff_lng, p.lng) AS lng,
               CAST(CAST(t.task_id IS NULL AND NOT EXISTS (
                   SELECT FROM offers o WHERE o.driver_id = d.driver_id AND o.status = 'offered') AS integer) AS float8) AS idle,
               CAST(CAST(NOT EXISTS (
                   SELECT FROM reposition_hints h WHERE h.driver_id = d.driver_id AND h.at > :rested_after) AS integer)
                   AS float8) AS rested
        FROM drivers d JOIN driver_positions p USING (driver_id)
            LEFT JOIN tasks t ON t.driver_id = d.driver_id
                AND t.status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff')
        WHERE d.region_id = :region_id AND d.online AND p.at >= :fresh_after
        ORDER BY d.driver_id
    ) AS driver
"""  # fmt: skip
