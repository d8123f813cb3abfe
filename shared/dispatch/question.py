"""What the BATCH loop asks its planner, as a digest: a slot that asks the same as the one before it need not ask.

Moments count from the first one at which a driver could have any of the goods. So while all wait for drivers, or all for their
goods, the time that passes changes nothing; where some wait for the one and some for the other, every slot asks anew.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.storage.connection import Row

KEPT_S = 120
"""A plan is made anew at least this often: promises come nearer meanwhile."""

NEAR_S = 30.0
"""A driver whose way to a store has changed by less is where it was."""


def digest(
    tasks: Sequence[Row], trip_of: Mapping[str, str | None], approach_s: Floats, slot_at: datetime, now: datetime
) -> str:
    """Of waiting tasks, the planned trip that each is in, and how far away the next driver is from each store."""
    ready_s = np.array([task["ready_s"] for task in tasks], dtype=np.float64)
    soonest_s = np.maximum(np.maximum(np.round(approach_s / NEAR_S) * NEAR_S, ready_s), 0.0)
    begin_s = float(soonest_s.min(initial=np.inf))
    asked = {
        "tasks": [(task["task_id"], trip_of[task["task_id"]]) for task in tasks],
        "soonest_s": _whole(soonest_s - begin_s),
        "ready_s": _whole(np.maximum(ready_s - begin_s, 0.0)),
        "promised_at": [round(now.timestamp() + task["promised_s"]) for task in tasks],
        "time": int(slot_at.timestamp()) // KEPT_S,
    }
    return hashlib.blake2b(json.dumps(asked).encode(), digest_size=16).hexdigest()


def _whole(seconds: Floats) -> list[int]:
    whole: list[int] = np.round(seconds).astype(np.int64).tolist()
    return whole
