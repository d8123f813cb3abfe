"""From usage and prices to dollars a day, line by line. Pure; every assumption is a named field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from shared.operations.cost.prices import Price
from shared.operations.cost.usage import SCHEDULED, Usage

GIB = 2**30
DAYS_A_MONTH = 30
SLOTS_A_DAY = 24 * 3_600 // 3


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a run on one machine cannot tell.

    orders_per_region    a day; a region has at most one tick per slot, however many orders it has
    peak                 the busiest hour's share of a day's orders
    utilisation          share of a billed vCPU that does work: instances wait for the database, and are kept ahead of load
    api_gib, tick_gib    memory of an instance with one vCPU
    streams_an_instance  connections that one streaming instance holds
    message_bytes        billed per message: Pub/Sub counts at least 1,000
    log_bytes            per request
    watchers             readers of each change in the live store
    sql_gib_per_cpu      memory of the database per vCPU
    sql_least_cpu        its smallest size, vCPUs
    sql_replicas         2: a standby in another zone
    kept_days            orders and their dossiers stay in the database for the whole retention, five years at the most; what
                         storage costs is that of a market that has run for so long
    """

    orders_per_region: int = 5_000
    peak: float = 0.12
    utilisation: float = 0.5
    api_gib: float = 0.5
    tick_gib: float = 1.0
    streams_an_instance: int = 250
    message_bytes: int = 1_000
    log_bytes: int = 600
    watchers: float = 1.0
    sql_gib_per_cpu: float = 3.75
    sql_least_cpu: int = 2
    sql_replicas: int = 2
    kept_days: int = 1_826


@dataclass(frozen=True, slots=True)
class Line:
    """Dollars a day for one thing. `component` groups lines."""

    component: str
    what: str
    dollars: float


def day(usage: Usage, orders: int, prices: Mapping[str, Price], assumed: Assumptions) -> list[Line]:
    """What `orders` a day cost, dearest first."""
    volume = _volume(usage, orders, assumed)
    lines = [Line(component, what, prices[price].of(amount(volume))) for component, what, price, amount in _LINES]
    return sorted(lines, key=lambda line: -line.dollars)


@dataclass(frozen=True, slots=True)
class _Volume:
    """Amounts of one day."""

    requests: float
    ticks: float
    api_s: float
    tick_s: float
    stream_s: float
    gib_out: float
    messages: float
    tasks: float
    live_writes: float
    live_reads: float
    live_deletes: float
    sql_cpus: float
    sql_gib: float
    assumed: Assumptions


def _volume(usage: Usage, orders: int, assumed: Assumptions) -> _Volume:
    regions = max(1.0, orders / assumed.orders_per_region)
    ticks = min(usage.ticks * orders, SLOTS_A_DAY * regions)
    cpu_s_a_peak_second = usage.database_cpu_s * orders * assumed.peak / 3_600
    return _Volume(
        requests=usage.requests * orders + usage.scheduled * 24,
        ticks=ticks,
        api_s=usage.api_cpu_s * orders / assumed.utilisation,
        tick_s=usage.tick_cpu_s * ticks / assumed.utilisation,
        stream_s=usage.stream_s * orders / assumed.streams_an_instance,
        gib_out=usage.bytes_out * orders / GIB,
        messages=(usage.publishes + usage.deliveries) * orders,
        tasks=usage.tasks * orders,
        live_writes=(usage.live_writes + usage.live_changes) * orders,
        live_reads=usage.live_changes * assumed.watchers * orders,
        live_deletes=(usage.live_changes + 1) * orders,  # each change expires, and in the end the order's own document
        sql_cpus=max(assumed.sql_least_cpu, cpu_s_a_peak_second / assumed.utilisation) * assumed.sql_replicas,
        sql_gib=(usage.record_bytes * assumed.kept_days + usage.passing_byte_days)
        * orders
        / GIB
        * assumed.sql_replicas,
        assumed=assumed,
    )


_LINES: tuple[tuple[str, str, str, Callable[[_Volume], float]], ...] = (
    ("functions", "requests", "run_requests", lambda v: v.requests + v.ticks),
    ("functions", "CPU of endpoints", "run_cpu", lambda v: v.api_s),
    ("functions", "memory of endpoints", "run_memory", lambda v: v.api_s * v.assumed.api_gib),
    ("dispatch", "CPU of ticks", "run_cpu", lambda v: v.tick_s),
    ("dispatch", "memory of ticks", "run_memory", lambda v: v.tick_s * v.assumed.tick_gib),
    ("streams", "CPU of streams", "run_instance_cpu", lambda v: v.stream_s),
    ("streams", "memory of streams", "run_instance_memory", lambda v: v.stream_s * v.assumed.api_gib),
    ("messages", "Pub/Sub", "pubsub_throughput", lambda v: v.messages * v.assumed.message_bytes),
    ("messages", "Cloud Tasks: create and push", "tasks_operations", lambda v: 2 * v.tasks),
    ("live store", "Firestore writes", "firestore_writes", lambda v: v.live_writes),
    ("live store", "Firestore reads", "firestore_reads", lambda v: v.live_reads),
    ("live store", "Firestore expiry", "firestore_deletes", lambda v: v.live_deletes),
    ("database", "Cloud SQL CPU", "sql_cpu", lambda v: v.sql_cpus * 24),
    ("database", "Cloud SQL memory", "sql_memory", lambda v: v.sql_cpus * v.assumed.sql_gib_per_cpu * 24),
    ("database", "Cloud SQL storage", "sql_storage", lambda v: v.sql_gib / DAYS_A_MONTH),
    ("edge", "load balancer", "balancer_rules", lambda v: 24),
    ("edge", "load balancer's data", "balancer_data", lambda v: v.gib_out),
    ("edge", "data to the internet", "internet_data", lambda v: v.gib_out),
    ("edge", "logs", "logging_data", lambda v: (v.requests + v.ticks) * v.assumed.log_bytes / GIB),
    ("edge", "Cloud Scheduler", "scheduler_jobs", lambda v: len(SCHEDULED) / DAYS_A_MONTH),
)


def by_component(lines: list[Line]) -> dict[str, float]:
    """Dollars by component, in the order in which the model names them."""
    names = dict.fromkeys(component for component, *_ in _LINES)
    return {name: sum(line.dollars for line in lines if line.component == name) for name in names}
