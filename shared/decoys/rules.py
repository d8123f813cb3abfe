"""What a decoy shows of the driver who came to its door. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

from shared.kernel.errors import BadInput
from shared.orders.states import TERMINAL, Status

WINDOW = timedelta(hours=12)
"""In which the test buyer places the order."""


class Scenario(StrEnum):
    """Who stands at the door."""

    UNDERAGE = "underage"
    ID_MISMATCH = "id_mismatch"
    NO_ID = "no_id"
    ID_EXPIRED = "id_expired"


Outcome = Literal["refused", "handed_over", "void"]

OF_THE_DOCUMENT = frozenset(
    {"underage", "no_id", "id_mismatch", "id_expired", "document_unreadable", "suspected_counterfeit"}
)
"""Reasons of a refusal that show that the driver looked. Another, like nobody being at home, shows nothing."""


def check_schedule(scheduled_for: datetime, now: datetime) -> None:
    """Raises BadInput."""
    if scheduled_for < now:
        raise BadInput.field("body.scheduled_for", "must not lie in the past: the order is placed after it")


def is_missed(scheduled_for: datetime, now: datetime) -> bool:
    """The buyer never ordered."""
    return now > scheduled_for + WINDOW


def outcome(status: Status, ended_reason: str | None) -> Outcome | None:
    """None while the order is under way."""
    if status == Status.DELIVERED:
        return "handed_over"
    if status in (Status.REFUSED, Status.RETURNED):
        return "refused" if ended_reason in OF_THE_DOCUMENT else "void"
    return "void" if status in TERMINAL else None
