"""The intent's state machine. `cloudrun states` prints it into docs/states.md; the database refuses to leave an end."""

from enum import StrEnum
from typing import Literal

Kind = Literal["authorize", "capture", "void", "refund"]


class IntentStatus(StrEnum):
    PENDING = "pending"
    """Written down, and not asked yet."""
    UNKNOWN = "unknown"
    """Asked, and not answered: it is looked up before it is asked again."""
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    """A hold that was given back because another stands in its place."""


INTENT_TRANSITIONS: dict[IntentStatus, tuple[IntentStatus, ...]] = {
    IntentStatus.PENDING: (IntentStatus.UNKNOWN, IntentStatus.SUCCEEDED),
    IntentStatus.UNKNOWN: (IntentStatus.SUCCEEDED, IntentStatus.DECLINED, IntentStatus.SUPERSEDED),
    IntentStatus.SUCCEEDED: (IntentStatus.SUPERSEDED,),
    IntentStatus.DECLINED: (),
    IntentStatus.SUPERSEDED: (),
}
"""From pending straight to succeeded leads only a person's confirmation."""
