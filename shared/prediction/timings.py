"""Times in the database: how long stores prepare and when orders arrive, learnt from finished orders, kept with their
quality, used when better."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import numpy as np

from shared.kernel.clock import rfc3339
from shared.orders import eta as rule
from shared.prediction import eta, preparation
from shared.prediction.eta import TrainedEta
from shared.prediction.preparation import TrainedPreparation
from shared.routing.geo import travel_time_s
from shared.routing.haversine import distances_m
from shared.storage.connection import Row
from shared.storage.work import Work

LEARN_FROM = timedelta(days=60)
MOMENTS = ("order", "pickup")
NEUTRAL = [[[[0.0, 0.0, 0.0]] * eta.PRESSURE_BANDS] * eta.BANDS] * 24


def retrain_preparation(work: Work) -> TrainedPreparation:
    """Learn from what became ready; promised times use it from now on if it is promoted. Raises NotEnoughData."""
    rows = work.run(_PREPARED, since=work.now - LEARN_FROM)
    stores, store = np.unique(np.array([row["store_id"] for row in rows], dtype=np.str_), return_inverse=True)
    region_of = {row["store_id"]: row["region_id"] for row in rows}
    _, region = np.unique(np.array([region_of[name] for name in stores.tolist()], dtype=np.str_), return_inverse=True)
    trained = preparation.train(
        preparation.Samples(
            at_s=_column(rows, "at_s"),
            store=store.astype(np.int64),
            region=region.astype(np.int64),
            hour=_column(rows, "hour").astype(np.int64),
            announced_s=_column(rows, "announced_s"),
            real_s=_column(rows, "real_s"),
        )
    )
    known = np.flatnonzero(trained.known)
    work.run(
        _KEEP_PREPARATION,
        version=f"preparation-{rfc3339(work.now)}",
        now=work.now,
        promoted=trained.promoted,
        stores=len(known),
        quality=json.dumps({"candidate": asdict(trained.candidate), "incumbent": asdict(trained.incumbent)}),
    )
    if trained.promoted:
        times = [
            {"store_id": str(stores[row]), "hour": hour, "p50_s": p50_s, "p80_s": p80_s, "p90_s": p90_s}
            for row in known.tolist()
            for hour, (p50_s, p80_s, p90_s) in enumerate(trained.times_s[row].tolist())
        ]
        work.run("DELETE FROM preparation_times")
        work.run(_USE_PREPARATION, times=json.dumps(times))
    return trained


def retrain_eta(work: Work, region_id: str) -> dict[str, TrainedEta]:
    """Learn from the arrivals of a region, by the moment at which they were foretold. Raises NotEnoughData.

    Each moment is promoted for itself; the model in use keeps what it has of the other one.
    """
    trained = {"order": eta.train(_at_order(work.run(_ARRIVED, region_id=region_id, since=work.now - LEARN_FROM)))}
    trained["pickup"] = eta.train(_at_pickup(work.run(_CARRIED, region_id=region_id, since=work.now - LEARN_FROM)))
    present = work.one(_OFFSETS, region_id=region_id)
    offsets: dict[str, Any] = dict(present["offsets"]) if present else dict.fromkeys(MOMENTS, NEUTRAL)
    offsets |= {moment: found.offsets_s.round(1).tolist() for moment, found in trained.items() if found.promoted}
    work.run(
        _KEEP_ETA,
        version=f"eta-{region_id}-{rfc3339(work.now)}",
        region_id=region_id,
        now=work.now,
        promoted=any(found.promoted for found in trained.values()),
        offsets=json.dumps(offsets),
        quality=json.dumps(
            {
                moment: {"candidate": asdict(found.candidate), "incumbent": asdict(found.incumbent)}
                for moment, found in trained.items()
            }
        ),
    )
    return trained


def regions(work: Work) -> list[str]:
    return [row["region_id"] for row in work.run("SELECT region_id FROM regions ORDER BY region_id")]


def _at_order(rows: list[Row]) -> eta.Samples:
    """By the rule as it would speak today: what it said of an order then rested on older preparation times."""
    told = zip(_column(rows, "prep_s"), _metres(rows), strict=True)
    rule_s = np.array([rule.at_order(prep_s, metres, 0.0, None).rule_s for prep_s, metres in told])
    return _samples(rows, pressure=_column(rows, "pressure"), rule_s=rule_s)


def _at_pickup(rows: list[Row]) -> eta.Samples:
    rule_s = np.array([travel_time_s(metres) for metres in _metres(rows)])
    return _samples(rows, pressure=np.zeros(len(rows)), rule_s=rule_s)


def _samples(rows: list[Row], pressure: np.ndarray, rule_s: np.ndarray) -> eta.Samples:
    return eta.Samples(
        at_s=_column(rows, "at_s"),
        hour=_column(rows, "hour").astype(np.int64),
        metres=_metres(rows),
        pressure=pressure,
        rule_s=rule_s,
        told_s=_column(rows, "told_s"),
        real_s=_column(rows, "real_s"),
    )


def _metres(rows: list[Row]) -> np.ndarray:
    pickup = np.array([(row["pickup_lat"], row["pickup_lng"]) for row in rows]).reshape(-1, 2)
    dropoff = np.array([(row["dropoff_lat"], row["dropoff_lng"]) for row in rows]).reshape(-1, 2)
    return distances_m(pickup, dropoff)


def _column(rows: list[Row], name: str) -> np.ndarray:
    return np.array([row[name] for row in rows], dtype=np.float64)


def _seconds(interval: str) -> str:
    return f"CAST(extract(epoch FROM {interval}) AS float8)"


_PREPARED = f"""
    SELECT m.store_id, m.region_id, {_seconds("m.accepted_at")} AS at_s,
           CAST(extract(hour FROM m.accepted_at AT TIME ZONE r.timezone) AS float8) AS hour,
           CAST(m.prep_minutes * 60 AS float8) AS announced_s, {_seconds("m.ready_at - m.accepted_at")} AS real_s
    FROM order_moments m JOIN regions r USING (region_id)
    WHERE m.created_at > :since AND m.ready_at IS NOT NULL AND m.accepted_at IS NOT NULL
    ORDER BY m.order_id
"""


def _foretold(begun: str, told: str) -> str:
    return f"""
        SELECT {_seconds(f"m.{begun}")} AS at_s,
               CAST(extract(hour FROM m.{begun} AT TIME ZONE r.timezone) AS float8) AS hour,
               m.pickup_lat, m.pickup_lng, m.dropoff_lat, m.dropoff_lng, m.eta_pressure AS pressure,
               coalesce(p.p50_s, s.prep_minutes * 60) AS prep_s,
               {_seconds(f"m.{told} - m.{begun}")} AS told_s, {_seconds(f"m.arrived_at - m.{begun}")} AS real_s
        FROM order_moments m JOIN regions r USING (region_id) JOIN stores s USING (store_id)
        LEFT JOIN preparation_times p
            ON p.store_id = m.store_id AND p.hour = CAST(extract(hour FROM m.created_at AT TIME ZONE r.timezone) AS integer)
        WHERE m.region_id = :region_id AND m.created_at > :since AND m.arrived_at IS NOT NULL AND m.{told} IS NOT NULL
        ORDER BY m.order_id
    """


_ARRIVED = _foretold("created_at", "eta_at")
_CARRIED = _foretold("picked_up_at", "pickup_eta_at")

_KEEP_PREPARATION = """
    INSERT INTO preparation_models (version, trained_at, promoted, stores, quality)
    VALUES (:version, :now, :promoted, :stores, :quality)
"""
_USE_PREPARATION = """
    INSERT INTO preparation_times (store_id, hour, p50_s, p80_s, p90_s)
    SELECT t.store_id, t.hour, t.p50_s, t.p80_s, t.p90_s FROM jsonb_to_recordset(CAST(:times AS jsonb))
        AS t(store_id text, hour integer, p50_s float8, p80_s float8, p90_s float8)
"""
_OFFSETS = "SELECT offsets FROM eta_models WHERE region_id = :region_id AND promoted ORDER BY trained_at DESC LIMIT 1"
_KEEP_ETA = """
    INSERT INTO eta_models (version, region_id, trained_at, promoted, offsets, quality)
    VALUES (:version, :region_id, :now, :promoted, :offsets, :quality)
"""
