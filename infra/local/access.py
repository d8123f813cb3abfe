"""A unit of work on a local market's database, for commands that stand beside its functions."""

import os

from shared.kernel.clock import Clock
from shared.messaging.embedded import EmbeddedBroker
from shared.storage.connection import Pool
from shared.storage.work import Work


def unit_of_work(pool: Pool, clock: Clock) -> Work:
    return Work(pool, clock, os.urandom, EmbeddedBroker())
