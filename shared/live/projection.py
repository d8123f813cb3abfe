"""Events as what clients watch. Once per message, and never backwards: the live store keeps the later of two documents."""

from datetime import datetime
from typing import Any

from shared.live.protocol import Document, LiveStore, NewChange
from shared.storage import inbox
from shared.storage.work import Work

CONSUMER = "project_tracking"


def project(work: Work, live: LiveStore, message_id: str, event: dict[str, Any]) -> bool:
    """Tell everyone whom an order's, a driver's or a merchant's event concerns. False when the message came before.

    The inbox row commits after the live store has it: a crash between the two repeats the telling, and streams carry ids
    by which clients deduplicate; the other way round an event could be lost.
    """
    if not inbox.remember(work, CONSUMER, message_id):
        return False
    at = datetime.fromisoformat(event["at"])
    of = _order if "seq" in event else _driver if "driver_id" in event else _merchant
    documents, changes = of(event, at)
    live.write(documents, changes)
    return True


def _order(event: dict[str, Any], at: datetime) -> tuple[list[Document], list[NewChange]]:
    document = document_of(event)
    topics = [f"order:{event['order_id']}", f"merchant:{event['merchant_id']}", f"region:{event['region_id']}"]
    return [document], [NewChange(topic, "order_status", document.body, at) for topic in topics]


def document_of(event: dict[str, Any]) -> Document:
    """An order as its event tells of it."""
    told = {name: event[name] for name in ("order_id", "status", "type", "seq", "at", "driver_id", "store_id")}
    return Document("orders", event["order_id"], event["region_id"], told, datetime.fromisoformat(event["at"]))


def _driver(event: dict[str, Any], at: datetime) -> tuple[list[Document], list[NewChange]]:
    named = event["type"] in ("offer", "offer_ended", "hint")
    other = "task" if "task_id" in event else "document" if "document_id" in event else "shift"
    name = event["type"] if named else other
    changes = [NewChange(f"driver:{event['driver_id']}", name, event, at)]
    if name == "shift":
        changes.append(NewChange(f"region:{event['region_id']}", "driver_shift", event, at))
    return [], changes


def _merchant(event: dict[str, Any], at: datetime) -> tuple[list[Document], list[NewChange]]:
    return [], [NewChange(f"merchant:{event['merchant_id']}", "permit", event, at)]
