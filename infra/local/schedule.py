"""Cloud Scheduler on one machine: what is due at a minute of the product's clock is called when that minute begins."""

import logging
import time
from collections.abc import Callable

from infra.local.caller import Caller
from shared.kernel.clock import Clock
from shared.queueing.schedule import SCHEDULE

log = logging.getLogger(__name__)

LOOK_S = 0.05


def fire(clock: Clock, caller: Caller, each_minute: Callable[[], None]) -> None:
    """For ever; minutes that were slept through are not made up."""
    last = _minute(clock)
    while True:
        minute = _minute(clock)
        if minute > last:
            for path, every in SCHEDULE:
                if minute // every > last // every and caller.post(path, {}) >= 400:
                    log.error("the scheduled call of %s failed; the next one is at its next time", path)
            each_minute()
            last = minute
        time.sleep(LOOK_S)


def _minute(clock: Clock) -> int:
    return int(clock.now().timestamp()) // 60
