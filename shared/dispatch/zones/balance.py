"""Each minute of a region: read, forecast, price, point idle drivers to where they lack. One transaction.

A minute is done once: its lease is part of the transaction, so one that died leaves nothing and can be done again.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from shared.dispatch import hints
from shared.dispatch.engine.columns import Ints
from shared.dispatch.hints import Hint
from shared.dispatch.zones import observation, surge
from shared.dispatch.zones.cells import RESOLUTION, outline
from shared.dispatch.zones.observation import Observation
from shared.dispatch.zones.reposition import moves
from shared.kernel.errors import NotFound
from shared.orders.surge import NONE_BPS, SurgeTerms
from shared.storage.work import Work

LOOP = "zones"
KEPT = timedelta(days=14)
"""Forecasts and hints."""

ORDERS_KEPT = observation.BACKFILL + timedelta(weeks=1)
NEGLIGIBLE = 0.05
"""Expected orders below which a zone's forecast is not worth a row, while it has no surge."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What became of a minute; `done` is False when it, or a later one, was done before."""

    done: bool
    zones: int = 0
    surging: int = 0
    hints: int = 0


def region_ids(work: Work) -> list[str]:
    """The regions that there are, for the chore that takes one after the other."""
    return [row["region_id"] for row in work.run("SELECT region_id FROM regions ORDER BY region_id")]


def balance(work: Work, region_id: str) -> Balance:
    """Do the present minute of a region. Raises NotFound."""
    region = work.one("SELECT timezone, settings FROM regions WHERE region_id = :region_id", region_id=region_id)
    if region is None:
        raise NotFound.of("region", region_id)
    minute = work.now.replace(second=0, microsecond=0)
    if work.one(_LEASE, region_id=region_id, loop=LOOP, minute=minute) is None:
        return Balance(done=False)
    work.run(_MEASURE, region_id=region_id, now=work.now)
    resolution = region["settings"].get("zones", {}).get("resolution", RESOLUTION)
    seen = observation.read(work, region_id, region["timezone"], resolution)
    surge_bps = _surge(seen, SurgeTerms.of(region["settings"]))
    _write(work, region_id, minute, seen, surge_bps)
    sent = _hint(work, region_id, seen, seed=int(minute.timestamp()))
    return Balance(True, len(seen.zoning), int(np.count_nonzero(surge_bps > NONE_BPS)), sent)


def _surge(seen: Observation, terms: SurgeTerms) -> Ints:
    pressures = surge.pressure(seen.demand + seen.waiting, seen.supply, seen.zoning.neighbours())
    return surge.next_bps(seen.surge_bps, surge.target_bps(pressures, terms.cap_bps), terms.cap_bps)


def _hint(work: Work, region_id: str, seen: Observation, seed: int) -> int:
    zoning = seen.zoning
    moved = moves(seen.fleet, zoning, seen.demand + seen.waiting, seen.supply, seen.underway, seed)
    hints.send(
        work,
        region_id,
        [
            Hint(
                driver_id=str(seen.driver_id[move.driver]),
                from_cell=str(zoning.cell[origin]) if (origin := int(seen.fleet.zone[move.driver])) >= 0 else None,
                to_cell=str(zoning.cell[move.zone]),
                lat=float(zoning.lat[move.zone]),
                lng=float(zoning.lng[move.zone]),
                travel_s=move.travel_s,
            )
            for move in moved
        ],
    )
    return len(moved)


def _write(work: Work, region_id: str, minute: datetime, seen: Observation, surge_bps: Ints) -> None:
    """The zones of this minute replace those of the last; what was forecast is kept for a while."""
    missing = {
        row["cell"] for row in work.run(_MISSING, region_id=region_id, cells=json.dumps(seen.zoning.cell.tolist()))
    }
    rows = [
        row | {"outline": outline(row["cell"])} if row["cell"] in missing else row for row in _rows(seen, surge_bps)
    ]
    work.run(_ZONES, region_id=region_id, at=minute, zones=json.dumps(rows))
    told = [row for row in rows if row["demand"] >= NEGLIGIBLE or row["surge_bps"] > NONE_BPS]
    work.run(
        _FORECASTS,
        region_id=region_id,
        at=minute,
        zones=json.dumps(told),
        before=minute - KEPT,
        orders_before=minute - ORDERS_KEPT,
    )


def _rows(seen: Observation, surge_bps: Ints) -> list[dict[str, Any]]:
    zoning = seen.zoning
    names = ("cell", "lat", "lng", "radius_m", "demand", "waiting", "supply", "surge_bps")
    columns = (zoning.cell, zoning.lat, zoning.lng, zoning.radius_m, seen.demand, seen.waiting, seen.supply, surge_bps)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in values]


# The row stays locked until the transaction ends; who comes second waits, and then finds the minute done.
_LEASE = """
    INSERT INTO region_leases AS lease (region_id, loop, slot_at) VALUES (:region_id, :loop, :minute)
    ON CONFLICT (region_id, loop) DO UPDATE SET slot_at = EXCLUDED.slot_at WHERE lease.slot_at < EXCLUDED.slot_at
    RETURNING slot_at
"""

# A driver seen in the zone before the hint ran out has followed it; whoever was not by then has not.
_MEASURE = """
    UPDATE reposition_hints h SET arrived = seen.there
    FROM (
        SELECT o.hint_id, EXISTS (
            SELECT FROM driver_positions p JOIN zones z ON z.region_id = o.region_id AND z.cell = o.to_cell
            WHERE p.driver_id = o.driver_id
              AND power(p.lat - o.lat, 2) + power((p.lng - o.lng) * cosd(o.lat), 2) <= power(z.radius_m / 111195, 2)
        ) AS there
        FROM reposition_hints o WHERE o.region_id = :region_id AND o.arrived IS NULL
    ) AS seen
    WHERE h.hint_id = seen.hint_id AND (seen.there OR h.expires_at <= :now)
"""

_MISSING = """
    SELECT wanted.cell FROM jsonb_array_elements_text(CAST(:cells AS jsonb)) AS wanted(cell)
    WHERE NOT EXISTS (SELECT FROM zones z WHERE z.region_id = :region_id AND z.cell = wanted.cell)
"""

_ZONES = """
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(CAST(:zones AS jsonb)) AS z(cell text, lat double precision,
            lng double precision, radius_m double precision, outline jsonb, demand double precision,
            waiting double precision, supply double precision, surge_bps integer)
    ), gone AS (
        DELETE FROM zones z WHERE region_id = :region_id AND NOT EXISTS (SELECT FROM told WHERE told.cell = z.cell)
    ), kept AS (
        UPDATE zones z SET at = :at, demand = told.demand, waiting = told.waiting, supply = told.supply,
            surge_bps = told.surge_bps
        FROM told WHERE z.region_id = :region_id AND z.cell = told.cell
    )
    INSERT INTO zones (region_id, cell, lat, lng, radius_m, outline, at, demand, waiting, supply, surge_bps)
    SELECT :region_id, cell, lat, lng, radius_m, outline, :at, demand, waiting, supply, surge_bps
    FROM told WHERE outline IS NOT NULL
"""

_FORECASTS = """
    WITH old_forecasts AS (
        DELETE FROM zone_forecasts WHERE region_id = :region_id AND at < :before
    ), old_hints AS (
        DELETE FROM reposition_hints WHERE region_id = :region_id AND at < :before
    ), old_orders AS (
        DELETE FROM store_demand WHERE region_id = :region_id AND half_hour < :orders_before
    )
    INSERT INTO zone_forecasts (region_id, at, cell, demand, supply, surge_bps)
    SELECT :region_id, :at, z.cell, z.demand, z.supply, z.surge_bps
    FROM jsonb_to_recordset(CAST(:zones AS jsonb))
        AS z(cell text, demand double precision, supply double precision, surge_bps integer)
"""
