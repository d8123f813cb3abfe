"""What a day came to, and whether anything in it is lost or inconsistent. Pure: records in, report out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import pairwise
from statistics import fmean
from typing import Any

from infra.market.client import Json
from infra.market.pace import ninetieth
from shared.orders.states import TERMINAL

ENDED = frozenset(status.value for status in TERMINAL)
SETTLED = frozenset({"none", "declined", "captured", "voided"})
HELD = frozenset({"payment_authorized", "accepted", "preparing", "ready", "dispatched"})
"""Statuses that an order reaches only once its payment is on hold."""


@dataclass(frozen=True, slots=True)
class Record:
    """One order as the API tells it in the end. `assigned` are the drivers of its dossier's assignments, in order."""

    order_id: str
    status: str
    restricted: bool
    payment_status: str
    total_minor: int
    captured_minor: int
    driver_id: str | None
    ended_reason: str | None
    at: dict[str, datetime]
    """When each status was first reached."""
    ready_at: datetime | None
    assigned: tuple[str, ...]
    trips: tuple[str, ...]
    """On which it was, in order; the last one brought it."""
    dossier_valid: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must not be."""

    rule: str
    order_id: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Report:
    """Times in minutes. `sound` only when nothing was found."""

    source: str
    placed: int
    by_status: dict[str, int]
    ended_reasons: dict[str, int]
    payments: dict[str, int]
    click_to_door_mean: float | None
    click_to_door_p90: float | None
    ready_to_door_mean: float | None
    offers: int
    offers_per_delivery: float | None
    bundles: dict[str, int]
    """Trips by how many delivered orders they brought."""
    dossiers_verified: int
    lost: int
    double_assigned: int
    wall_s: float
    simulated_s: float
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        return not self.findings

    def document(self) -> Json:
        return {**asdict(self), "sound": self.sound}


def record(order: Json, dossier: Json, verdict: Json) -> Record:
    """Read one order's views: the order, its dossier, and the recomputed verdict on it."""
    first: dict[str, datetime] = {}
    for entry in order["timeline"]:
        first.setdefault(entry["status"], datetime.fromisoformat(entry["at"]))
    assignments = [event for event in dossier["events"] if event["type"] == "driver_assigned"]
    return Record(
        order_id=order["id"],
        status=order["status"],
        restricted=order["restricted"],
        payment_status=order["payment"]["status"],
        total_minor=order["money"]["total_minor"],
        captured_minor=order["payment"]["captured_minor"],
        driver_id=order["driver_id"],
        ended_reason=order["ended_reason"],
        at=first,
        ready_at=None if order["ready_at"] is None else datetime.fromisoformat(order["ready_at"]),
        assigned=tuple(event["actor"]["id"] for event in assignments),
        trips=tuple(event["data"]["trip_id"] for event in assignments),
        dossier_valid=verdict["valid"] and verdict["head_hash"] == dossier["head_hash"],
    )


def findings(placed: Sequence[str], records: Sequence[Record]) -> tuple[Finding, ...]:
    """Everything wrong with a day whose customers were told the ids `placed`."""
    return (*missing(placed, records), *(one for found in records for one in wrong(found)), *double_assigned(records))


def missing(placed: Sequence[str], records: Sequence[Record]) -> Iterable[Finding]:
    """Orders that a customer was promised and nobody knows, or that nobody ordered."""
    known = Counter(found.order_id for found in records)
    for order_id in sorted(set(placed) - set(known)):
        yield Finding("lost", order_id, "was placed, and is nowhere")
    for order_id in sorted(set(known) - set(placed)):
        yield Finding("unasked", order_id, "exists, and no customer placed it")
    for order_id, times in known.items():
        if times > 1:
            yield Finding("twice", order_id, f"is listed {times} times")


def wrong(found: Record) -> Iterable[Finding]:
    """What one order's own facts contradict."""
    if found.status not in ENDED:
        yield Finding("lost", found.order_id, f"never ended: it is {found.status}")
    if not found.dossier_valid:
        yield Finding("dossier", found.order_id, "its dossier does not verify")
    yield from wrong_money(found)
    if found.status == "delivered" and found.restricted and "doorstep_passed" not in found.at:
        yield Finding("gate", found.order_id, "restricted goods were delivered without a passed ID check")
    if found.restricted and "payment_authorized" in found.at and "age_verified" not in found.at:
        yield Finding("gate", found.order_id, "was paid for without a passed age check")
    if found.status == "returned" and "refused" not in found.at:
        yield Finding("custody", found.order_id, "came back without having been refused")


def wrong_money(found: Record) -> Iterable[Finding]:
    if found.payment_status not in SETTLED:
        yield Finding("payment", found.order_id, f"its payment is still {found.payment_status}")
    delivered = found.status == "delivered"
    if delivered and (found.payment_status, found.captured_minor) != ("captured", found.total_minor):
        yield Finding(
            "payment", found.order_id, f"was delivered; {found.captured_minor} of {found.total_minor} captured"
        )
    if not delivered and found.captured_minor:
        yield Finding("payment", found.order_id, f"was not delivered, yet {found.captured_minor} were captured")
    if not delivered and HELD & found.at.keys() and found.payment_status != "voided":
        yield Finding("payment", found.order_id, "was not delivered, and its hold was not given back")


def double_assigned(records: Sequence[Record]) -> Iterable[Finding]:
    """Two drivers for one order, or two trips at one time with one driver."""
    trips: dict[str, list[Record]] = {}
    for found in records:
        if len(set(found.assigned)) > 1:
            yield Finding("double", found.order_id, f"was assigned to {len(set(found.assigned))} drivers")
        if found.driver_id is not None and "dispatched" in found.at:
            trips.setdefault(found.trips[-1], []).append(found)
    held: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for members in trips.values():
        since, until = min(one.at["dispatched"] for one in members), max(max(one.at.values()) for one in members)
        held.setdefault(str(members[0].driver_id), []).append((since, until, members[0].order_id))
    for driver_id, spans in held.items():
        for (_, until, earlier), (since, _, later) in pairwise(sorted(spans)):
            if since < until:
                yield Finding("double", later, f"was given to {driver_id}, who still had {earlier}")


def make_report(
    source: str, placed: Sequence[str], records: Sequence[Record], *, offers: int, wall_s: float, simulated_s: float
) -> Report:
    """Offers are counted by the drivers who saw them."""
    delivered = [found for found in records if found.status == "delivered"]
    click_to_door = [minutes(found.at["created"], found.at["delivered"]) for found in delivered]
    ready_to_door = [
        minutes(found.ready_at, found.at["delivered"]) for found in delivered if found.ready_at is not None
    ]
    found = findings(placed, records)
    return Report(
        source=source,
        placed=len(placed),
        by_status=counted(found.status for found in records),
        ended_reasons=counted(found.ended_reason for found in records if found.ended_reason is not None),
        payments=counted(found.payment_status for found in records),
        click_to_door_mean=fmean(click_to_door) if click_to_door else None,
        click_to_door_p90=ninetieth(click_to_door) if click_to_door else None,
        ready_to_door_mean=fmean(ready_to_door) if ready_to_door else None,
        offers=offers,
        offers_per_delivery=offers / len(delivered) if delivered else None,
        bundles=bundle_sizes(delivered),
        dossiers_verified=sum(found.dossier_valid for found in records),
        lost=len({one.order_id for one in found if one.rule == "lost"}),
        double_assigned=len({one.order_id for one in found if one.rule == "double"}),
        wall_s=wall_s,
        simulated_s=simulated_s,
        findings=found,
    )


def bundle_sizes(delivered: Iterable[Record]) -> dict[str, int]:
    sizes = Counter(Counter(found.trips[-1] for found in delivered).values())
    return {str(size): sizes[size] for size in sorted(sizes)}


def counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def minutes(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 60


def rows(report: Report) -> list[tuple[str, Any]]:
    """The report as lines of a table."""

    def one(value: float | None) -> str:
        return "–" if value is None else f"{value:.1f}"

    return [
        ("orders placed", report.placed),
        *((f"  {status.replace('_', ' ')}", count) for status, count in report.by_status.items()),
        ("click to door, mean", f"{one(report.click_to_door_mean)} min"),
        ("click to door, 90th percentile", f"{one(report.click_to_door_p90)} min"),
        ("ready to door, mean", f"{one(report.ready_to_door_mean)} min"),
        ("offers per delivery", "–" if report.offers_per_delivery is None else f"{report.offers_per_delivery:.2f}"),
        *((f"trips with {size} order{'s' if size != '1' else ''}", trips) for size, trips in report.bundles.items()),
        *((f"payments {status}", count) for status, count in report.payments.items()),
        ("dossiers verified", f"{report.dossiers_verified} of {report.placed}"),
        ("lost", report.lost),
        ("double assigned", report.double_assigned),
        ("time", f"{report.simulated_s / 3600:.1f} h in {report.wall_s:.0f} s"),
    ]
