"""What a storm left behind: ours beside each vendor's, by what may differ. Nothing may."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from infra.standins.faults import Fault, Faults
from shared.dossier.chain import Event, verify
from shared.ledger import accounts
from shared.ledger.service import balances
from shared.payments.reconciliation import own_differences, reconcile
from shared.wiring.payments import processor
from shared.wiring.storage import unit_of_work
from tests.chaos.storm import Storm
from tests.fixtures.http import Json
from tests.fixtures.stripe import EVER
from tests.fixtures.world import World

Differences = dict[str, list[str]]
"""By what differs: the orders, checks, people or payments in which it does."""


def differences(storm: Storm) -> Differences:
    orders = {row["order_id"]: row for row in storm.world.rows("SELECT * FROM orders")}
    return {**of_money(orders, storm.world), **of_identity(orders, storm), **of_gates(orders, storm.world)}


def of_money(orders: dict[str, Json], world: World) -> Differences:
    sellers = names(world, "merchants", "payment_account IS NOT NULL", "payment_account")
    theirs = list(processor("stripe").charges(sellers, EVER))
    captures = Counter(charge.order_id for charge in theirs if charge.captured_minor)
    captured: Counter[str] = Counter()
    for charge in theirs:
        captured[charge.order_id] += charge.captured_minor
    with unit_of_work() as work:
        lines = [*own_differences(work, EVER), *reconcile(work, processor("stripe"), EVER).differences]
        left = balances(work)
    due = {name: order["total_minor"] * (order["status"] == "delivered") for name, order in orders.items()}
    return {
        "payments still on hold": [charge.reference for charge in theirs if charge.held_minor],
        "payments never answered": names(world, "payment_intents", "status IN ('pending', 'unknown')", "intent_id"),
        "orders charged twice": [name for name, times in captures.items() if times > 1],
        "orders charged by neither what they cost nor nothing": [
            name for name, order in orders.items() if not captured[name] == order["captured_minor"] == due[name]
        ],
        "lines that differ from the processor's": [f"{line.subject} {line.what}" for line in lines],
        "books out of balance": ["the ledger"] * (sum(left.values()) != 0)
        + [accounts.CUSTOMERS] * ((accounts.CUSTOMERS, "USD") in left),
    }


def of_identity(orders: dict[str, Json], storm: Storm) -> Differences:
    checks = storm.world.rows("SELECT * FROM age_checks")
    receipts = set(names(storm.world, "identity_deletions", "status IS NOT NULL", "held_as"))
    deleted, theirs = storm.onfido.records.deleted(), results(storm)
    proven = {
        row["order_id"] for row in checks if row["outcome"] == "approved" and "approved" in theirs[row["check_id"]]
    }
    paid = names(
        storm.world, "payment_intents", "kind = 'authorize' AND status IN ('succeeded', 'superseded')", "order_id"
    )
    restricted = {name for name, order in orders.items() if order["restricted"]}
    return {
        "age checks never answered": [row["check_id"] for row in checks if row["status"] == "pending"],
        "age checks whose result at the vendor is another": [
            row["check_id"] for row in checks if not agrees(row, theirs[row["check_id"]])
        ],
        "people never deleted": [person["id"] for person in storm.onfido.records.applicants()],
        "deletions without a receipt": sorted(deleted - receipts),
        "receipts without a deletion": sorted(receipts - deleted),
        "orders authorised without a passed check": sorted(restricted & set(paid) - proven),
        "orders delivered without a passed check": sorted(
            name for name in restricted - proven if orders[name]["status"] == "delivered"
        ),
    }


def results(storm: Storm) -> dict[str, set[str]]:
    """By check, how its runs ended at the vendor: none or one, and more where a request was carried out after all."""
    found: dict[str, set[str]] = defaultdict(set)
    for run in storm.decided.values():
        found[run["tags"][0]].add(run["status"])
    return found


def agrees(check: Json, theirs: set[str]) -> bool:
    """A check that was withdrawn, or of somebody who says to be too young, needs no result of theirs."""
    if check["outcome"] == "withdrawn":
        return True
    return check["outcome"] in theirs or (check["reference"] == check["check_id"] and not theirs)


def of_gates(orders: dict[str, Json], world: World) -> Differences:
    chains: dict[str, list[Event]] = defaultdict(list)
    for row in world.rows("SELECT * FROM dossier_events ORDER BY order_id, seq"):
        chains[row["order_id"]].append(Event(**row))
    passed = {name: [event.type for event in chain] for name, chain in chains.items()}
    return {
        "orders that went past a gate": [name for name, order in orders.items() if not in_order(order, passed[name])],
        "chains that do not hold": [
            name for name, order in orders.items()
            if not verify(name, chains[name], length=order["dossier_length"], head_hash=order["dossier_head"]).valid
        ],
    }  # fmt: skip


def in_order(order: Json, events: list[str]) -> bool:
    """Each gate before what it is to stop, and a capture for each delivery, and for nothing else."""
    needed = list(steps(order, events))
    places = [events.index(step) if step in events else -1 for step in needed]
    return -1 not in places and places == sorted(places) and events.count("payment_captured") == (
        order["status"] == "delivered"
    )  # fmt: skip


def steps(order: Json, events: list[str]) -> Iterator[str]:
    if order["restricted"] and "payment_authorized" in events:
        yield "age_check_passed"
    if "payment_authorized" in events:
        yield "payment_authorized"
    if order["status"] == "delivered":
        if order["restricted"]:
            yield "doorstep_check_passed"
        yield from ("delivered", "payment_captured")


def names(world: World, table: str, where: str, column: str) -> list[str]:
    return [str(row[column]) for row in world.rows(f"SELECT {column} FROM {table} WHERE {where} ORDER BY 1")]


def show(storm: Storm, found: Differences) -> None:
    """The storm's report, for people."""
    console, world = Console(), storm.world
    vendors = Table("vendor", "calls", *(fault.value for fault in Fault), title="Calls, and those made to fail")
    for name, faults in {"stripe": storm.found.standin.faults, "onfido": storm.onfido.behaviour.faults}.items():
        vendors.add_row(name, *counts(faults))
    ends = Table("order", "payment", "orders", title="How the orders ended")
    for row in world.rows(
        "SELECT status, payment_status, count(*) AS n FROM orders GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"
    ):
        ends.add_row(row["status"], row["payment_status"], f"{row['n']:,}")
    checks = Table("age check", "checks", title="How the age checks ended")
    for row in world.rows("SELECT outcome, count(*) AS n FROM age_checks GROUP BY 1 ORDER BY 2 DESC, 1"):
        checks.add_row(row["outcome"] or "open", f"{row['n']:,}")
    tried = Table("answer", "times", title="Tries to go past a gate")
    for status, times in sorted(storm.hurried.items()):
        tried.add_row(f"{status}", f"{times:,}")
    told = Table("difference", "count", "of", title="Differences")
    for what, subjects in found.items():
        told.add_row(what, f"{len(subjects)}", ", ".join(subjects[:3]), style="bold red" if subjects else None)
    for table in (vendors, ends, checks, tried, told):
        console.print(table)


def counts(faults: Faults) -> list[str]:
    return [f"{number:,}" for number in (faults.calls, *(faults.drawn[fault] for fault in Fault))]
