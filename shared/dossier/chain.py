"""The hash chain of one order.

An event's hash is SHA-256 over its canonical JSON (RFC 8785, JCS) including the hash before it, so no event can be
changed, dropped, inserted or moved without breaking every hash after it. No I/O, no clock: it runs on anyone's laptop.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What the first event of every order names as the hash before it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One link. `seq` counts from 1, `at` is RFC 3339 text, `actor` is {"role", "id"}, hashes are lower-case hex."""

    order_id: str
    seq: int
    type: str
    at: str
    actor: dict[str, str]
    data: dict[str, Any]
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link that does not hold, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    length: int
    head_hash: str
    first_broken: Broken | None

    @property
    def valid(self) -> bool:
        return self.first_broken is None


def link(
    order_id: str, seq: int, type: str, at: str, actor: dict[str, str], data: dict[str, Any], prev_hash: str
) -> Event:
    """The next event of a chain whose head is `prev_hash`. Raises rfc8785.CanonicalizationError for values JSON lacks."""
    return Event(
        order_id, seq, type, at, actor, data, prev_hash, _digest(order_id, seq, type, at, actor, data, prev_hash)
    )


def verify(
    order_id: str, events: Iterable[Event], *, length: int | None = None, head_hash: str | None = None
) -> Verdict:
    """Recompute the chain. `length` and `head_hash`, where known from elsewhere, also catch a cut-off tail."""
    previous, count = GENESIS, 0
    for count, event in enumerate(events, start=1):
        reason = _fault(order_id, event, count, previous)
        if reason is not None:
            return Verdict(count, previous, Broken(count, reason))
        previous = event.hash
    if length is not None and count != length:
        return Verdict(count, previous, Broken(count + 1, f"the order records {length} events, {count} are here"))
    if head_hash is not None and previous != head_hash:
        return Verdict(count, previous, Broken(count, "the last hash is not the one that the order records"))
    return Verdict(count, previous, None)


def _fault(order_id: str, event: Event, seq: int, previous: str) -> str | None:
    if event.order_id != order_id:
        return "the event belongs to another order"
    if event.seq != seq:
        return f"event {seq} is missing or out of order"
    if event.prev_hash != previous:
        return "it does not name the hash of the event before it"
    expected = _digest(event.order_id, event.seq, event.type, event.at, event.actor, event.data, event.prev_hash)
    return None if event.hash == expected else "its content does not give its hash"


def _digest(
    order_id: str, seq: int, type: str, at: str, actor: dict[str, str], data: dict[str, Any], prev_hash: str
) -> str:
    content: dict[str, Any] = {
        "order_id": order_id,
        "seq": seq,
        "type": type,
        "at": at,
        "actor": actor,
        "data": data,
        "prev_hash": prev_hash,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
