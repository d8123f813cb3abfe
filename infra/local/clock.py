"""Setting the paced clock that every process of a local market reads."""

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from shared.kernel.clock import Clock
from shared.wiring.clock import PacedClock


def set_clock(path: Path, now: datetime, speed: float) -> None:
    """From this moment it is `now`, and time runs `speed` times as fast as the wall's."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(json.dumps({"wall": time.time(), "sim": now.timestamp(), "speed": speed}))
    partial.replace(path)


def set_speed(path: Path, speed: float) -> None:
    """Change the pace without a jump."""
    set_clock(path, PacedClock(path).now(), speed)


def wall_seconds(clock: Clock, span: timedelta) -> float:
    """How long a span of this clock's time lasts on the wall, seconds; for ever when the clock stands still."""
    speed = clock.speed if isinstance(clock, PacedClock) else 1.0
    return span.total_seconds() / speed if speed else float("inf")
