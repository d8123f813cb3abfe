"""What evidence costs: the files of a day of 10,000 orders, checking one, and signing a log of a million entries.

`python -m infra.bench.evidence` prints them beside their bars, on a durable Postgres. A file is checked beside the bare chain of
hashes in it, so that the machine's noise meets both sides of the ratio alike.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import timedelta
from statistics import median
from time import perf_counter

import numpy as np
from rich.progress import track

from infra.bench.tick import NOON, durable_postgres
from infra.local.access import unit_of_work
from shared.dispatch.arrays import packed
from shared.dossier import bundle, chain, log
from shared.dossier.chain import Event
from shared.dossier.checkpoint import Signer
from shared.dossier.merkle import Frontier
from shared.kernel.clock import SettableClock
from shared.kernel.ids import new_id
from shared.orders.archiving import BATCH
from shared.storage.connection import Connection, Pool, close

ORDERS = 10_000
STEPS = (
    "order_created", "age_check_requested", "age_check_passed", "payment_authorized", "accepted", "ready", "driver_assigned",
    "picked_up", "arrived", "doorstep_check_passed", "delivered", "payment_captured",
)  # fmt: skip
ENTRIES = 1_000_000
NEW_ENTRIES = 1_000
"""What a busy minute adds to them."""

CHECK_BAR_MS, SIGN_BAR_MS = 50.0, 1_000.0
CHUNK = 50_000


def day(orders: int) -> list[list[Event]]:
    """The chains of a day's delivered orders."""
    random = np.random.default_rng(1)
    return [_order(new_id("ord", NOON + timedelta(seconds=n), random.bytes)) for n in range(orders)]


def _order(order_id: str) -> list[Event]:
    events: list[Event] = []
    for seq, step in enumerate(STEPS, start=1):
        actor = {"role": "platform", "id": "platform"}
        data = {"policy_version": "us-tx-2026-01-01-0000abcd"} if seq == 1 else {"reference": f"ref_{order_id}_{seq}"}
        previous = events[-1].hash if events else chain.GENESIS
        at = f"2026-11-20T18:{seq:02}:00.000Z"
        events.append(chain.link(order_id, seq, step, at, actor, data, previous))
    return events


def measure(url: str) -> None:
    connection, pool, clock = Connection(url), Pool(url, 1), SettableClock(NOON)
    signer = Signer.generate("bench.example/log")
    chains = day(ORDERS)
    for start in range(0, ORDERS, 1_000):
        rows = [asdict(event) for events in chains[start : start + 1_000] for event in events]
        connection.fetch(_EVENTS, {"rows": json.dumps(rows)})
    with unit_of_work(pool, clock) as work:
        log.grow(work)
        log.sign_head(work, [signer])
    files = _files(pool, clock, [events[0].order_id for events in chains])
    _check(files, chains, str(signer.verifier))
    connection.command("TRUNCATE log_entries, log_tiles, log_checkpoints")
    connection.fetch("UPDATE log_head SET size = 0, frontier = :empty", {"empty": Frontier().pack()})
    _sign(connection, pool, clock, signer)
    pool.close()
    close(connection)


def _files(pool: Pool, clock: SettableClock, order_ids: list[str]) -> list[str]:
    made: list[str] = []
    began = perf_counter()
    with unit_of_work(pool, clock) as work:
        for start in track(range(0, len(order_ids), BATCH), f"{ORDERS:,} files", transient=True):
            made += [text for text in log.evidence_of(work, order_ids[start : start + BATCH]).values() if text]
            work.checkpoint()
    took = perf_counter() - began
    print(
        f"{len(made):>10,}  files of {ORDERS:,} orders with {len(STEPS)} events each, {1e3 * took / len(made):.1f} ms each"
    )
    return made


def _check(files: list[str], chains: list[list[Event]], key: str) -> None:
    checks, bare, valid = [], [], 0
    for text, events in track(list(zip(files, chains, strict=True)), "Checking", transient=True):
        began = perf_counter()
        valid += bundle.verify(text, [key]).valid
        checked = perf_counter()
        chain.verify(events[0].order_id, events)
        checks.append(checked - began)
        bare.append(perf_counter() - checked)
    ratio = median(check / hashes for check, hashes in zip(checks, bare, strict=True))
    print(f"{valid:>10,}  hold; checking one takes {ratio:.1f} times its bare chain")
    print(
        f"{1e3 * median(checks):>10.1f}  ms to check one, p50, and {1e3 * max(checks):.1f} at most; bar {CHECK_BAR_MS:.0f}"
    )


def _sign(connection: Connection, pool: Pool, clock: SettableClock, signer: Signer) -> None:
    """A log of a million entries grows by a minute's events, and its head is signed."""
    for start in track(range(0, ENTRIES, CHUNK), f"{ENTRIES:,} entries", transient=True):
        _queue(connection, start, CHUNK)
        with unit_of_work(pool, clock) as work:
            log.grow(work)
    took = []
    for turn in range(11):
        _queue(connection, ENTRIES + turn * NEW_ENTRIES, NEW_ENTRIES)
        with unit_of_work(pool, clock) as work:
            began = perf_counter()
            log.grow(work)
            log.sign_head(work, [signer])
            work.checkpoint()
            took.append(perf_counter() - began)
    print(
        f"{1e3 * median(took):>10.1f}  ms to append {NEW_ENTRIES:,} entries to {ENTRIES:,} and sign, p50; bar {SIGN_BAR_MS:.0f}"
    )


def _queue(connection: Connection, first: int, count: int) -> None:
    numbers = range(first, first + count)
    hashes = np.array([hashlib.sha256(str(number).encode()).hexdigest() for number in numbers])
    order_ids = np.array([f"ord_{number:026}" for number in numbers])
    connection.fetch(_QUEUE, {"order_ids": packed(order_ids), "hashes": packed(hashes)})


_EVENTS = """
    INSERT INTO dossier_events (order_id, seq, type, at, actor, data, prev_hash, hash)
    SELECT order_id, seq, type, at, actor, data, prev_hash, hash FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS e(order_id text, seq integer, type text, at text, actor jsonb, data jsonb, prev_hash text, hash text)
"""
_QUEUE = """
    INSERT INTO log_queue (order_id, seq, hash)
    SELECT order_id, 1, hash FROM unnest(CAST(:order_ids AS text[]), CAST(:hashes AS text[])) AS q(order_id, hash)
"""


def main() -> None:
    with durable_postgres() as url:
        measure(url)


if __name__ == "__main__":
    main()
