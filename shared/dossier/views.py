"""The dossier as callers see it."""

from typing import Any

from shared.dossier.chain import Event, Verdict
from shared.kernel.wire import View


class ActorView(View):
    role: str
    id: str


class EventView(View):
    seq: int
    type: str
    at: str
    actor: ActorView
    data: dict[str, Any]
    prev_hash: str
    hash: str


class DossierView(View):
    order_id: str
    length: int
    head_hash: str
    events: list[EventView]


class BrokenLinkView(View):
    seq: int
    reason: str


class VerdictView(View):
    order_id: str
    valid: bool
    length: int
    head_hash: str
    first_broken: BrokenLinkView | None


def dossier(order_id: str, events: list[Event]) -> DossierView:
    return DossierView(
        order_id=order_id,
        length=len(events),
        head_hash=events[-1].hash,
        events=[
            EventView(
                seq=event.seq,
                type=event.type,
                at=event.at,
                actor=ActorView(**event.actor),
                data=event.data,
                prev_hash=event.prev_hash,
                hash=event.hash,
            )
            for event in events
        ],
    )


def verdict(order_id: str, found: Verdict) -> VerdictView:
    broken = found.first_broken
    return VerdictView(
        order_id=order_id,
        valid=found.valid,
        length=found.length,
        head_hash=found.head_hash,
        first_broken=BrokenLinkView(seq=broken.seq, reason=broken.reason) if broken else None,
    )
