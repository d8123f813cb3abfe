"""What one measured run used, per order: read from the document that `cloudrun demo --json` writes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.storage.retention import RULES

TICKS = ("tick", "batch")
"""Functions that run per slot of a region, not per order."""

STREAMS = ("stream_order", "stream_driver", "stream_merchant", "stream_region")


@dataclass(frozen=True, slots=True)
class Usage:
    """Per order, unless said otherwise.

    requests            of everything but streams, ticks and the schedule
    scheduled           requests of the schedule, per hour of the market
    ticks               requests of the loops
    api_cpu_s           of the process that serves all but the loops
    tick_cpu_s          of the loops, per tick
    stream_s            seconds that streams were open, in the market's time
    bytes_out           of answers and streams
    publishes, deliveries, tasks, live_writes, live_changes    counted in the database's tables
    database_cpu_s
    record_bytes        of the tables that nothing is removed from, with their indexes
    passing_byte_days   bytes of the tables whose rows pass, each times the days that it keeps a row
    """

    orders: int
    requests: float
    scheduled: float
    ticks: float
    api_cpu_s: float
    tick_cpu_s: float
    stream_s: float
    bytes_out: float
    publishes: float
    deliveries: float
    tasks: float
    live_writes: float
    live_changes: float
    database_cpu_s: float
    record_bytes: float
    passing_byte_days: float


def of(report: dict[str, Any]) -> Usage:
    """Raises ValueError for a report that has no usage, or whose database's CPU was not measured."""
    used, orders = report.get("usage"), report["placed"]
    if used is None or used["database"]["cpu_s"] is None or not orders:
        raise ValueError("this report does not say what the day used: run the demo on Linux, without DATABASE_URL")
    calls: dict[str, dict[str, float]] = {}
    for process in used["processes"]:
        for name, counted in process["calls"].items():
            known = calls.setdefault(name, {"requests": 0, "open_s": 0, "bytes_out": 0})
            calls[name] = {key: known[key] + counted[key] for key in known}
    cpu_s = {kind: sum(p["cpu_s"] for p in used["processes"] if p["process"] == kind) for kind in ("api", "dispatch")}
    scheduled = sum(calls.get(name, _NONE)["requests"] for name in SCHEDULED)
    ticks = sum(calls.get(name, _NONE)["requests"] for name in TICKS)
    streams = sum(calls.get(name, _NONE)["requests"] for name in STREAMS)
    tables = used["database"]["tables"]
    tasks = _inserted(tables, "queue_tasks")
    pace = report["simulated_s"] / report["wall_s"]
    return Usage(
        orders=orders,
        requests=(sum(c["requests"] for c in calls.values()) - scheduled - ticks - streams) / orders,
        scheduled=scheduled / (report["simulated_s"] / 3_600),
        ticks=ticks / orders,
        api_cpu_s=cpu_s["api"] / orders,
        tick_cpu_s=cpu_s["dispatch"] / max(ticks, 1),
        stream_s=sum(calls.get(name, _NONE)["open_s"] for name in STREAMS) * pace / orders,
        bytes_out=sum(c["bytes_out"] for c in calls.values()) / orders,
        publishes=(_inserted(tables, "outbox") - tasks) / orders,
        deliveries=_inserted(tables, "broker_deliveries") / orders,
        tasks=tasks / orders,
        live_writes=(_inserted(tables, "live_documents") + tables.get("live_documents", {}).get("updated", 0)) / orders,
        live_changes=_inserted(tables, "live_changes") / orders,
        database_cpu_s=used["database"]["cpu_s"] / orders,
        record_bytes=sum(table["bytes"] for name, table in tables.items() if name not in _PASSING_DAYS) / orders,
        passing_byte_days=sum(tables[name]["bytes"] * days for name, days in _PASSING_DAYS.items() if name in tables)
        / orders,
    )


SCHEDULED = (
    "schedule",
    "balance_zones",
    "expire_offers",
    "relay_outbox",
    "finish_intents",
    "finish_age_checks",
    "flag_stuck_orders",
    "expire_documents",
    "follow_decoys",
    "forget_strays",
    "purge_expired",
    "sign_checkpoint",
)
_EMPTIED = ("outbox", "log_queue", "broker_deliveries", "queue_tasks", "live_documents", "live_changes")
"""Tables whose rows go within the day, or that are not in the database on Google Cloud: their size is not what they hold."""

_BY_THE_LOOPS = {"zone_forecasts": 14.0, "reposition_hints": 14.0, "skipped_slots": 1.0}
"""Which remove these themselves, after so many days (shared/dispatch/zones/balance.py, slots.py)."""

_PASSING_DAYS = (
    dict.fromkeys(_EMPTIED, 0.0) | _BY_THE_LOOPS | {rule.table: rule.kept / timedelta(days=1) for rule in RULES}
)
_NONE = {"requests": 0.0, "open_s": 0.0, "bytes_out": 0.0}


def _inserted(tables: dict[str, dict[str, int]], name: str) -> int:
    return tables.get(name, {}).get("inserted", 0)
