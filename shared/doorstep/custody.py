"""Who had the goods of an order, from when to when: read off its dossier. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.dossier.chain import Event


@dataclass(frozen=True, slots=True)
class Holding:
    """One holder. `since` and `until` are RFC 3339; `until` is None for whoever has them still. `seq` and `hash` name the
    event by which they came; `condition` is what the store found when they came back."""

    role: str
    holder_id: str
    since: str
    until: str | None
    seq: int
    hash: str
    condition: str | None = None


def chain(events: Sequence[Event], merchant_id: str, customer_id: str) -> list[Holding]:
    """In order of time. The store has the goods from the order on; each handover ends one holding and begins the next."""
    held: list[Holding] = []
    for event in events:
        taker = _taker(event, merchant_id, customer_id)
        if taker is None:
            continue
        if held:
            held[-1] = replace(held[-1], until=event.at)
        held.append(Holding(*taker, event.at, None, event.seq, event.hash, event.data.get("condition")))
    return held


def _taker(event: Event, merchant_id: str, customer_id: str) -> tuple[str, str] | None:
    """(role, id) of whom the goods came to by this event."""
    if event.type in ("order_created", "goods_returned"):
        return "merchant", merchant_id
    if event.type == "goods_picked_up":
        return "driver", event.actor["id"]
    return ("customer", customer_id) if event.type == "delivered" else None
