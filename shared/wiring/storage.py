"""Postgres and the unit of work, one pool per process."""

import os
import socket
from collections.abc import Callable
from functools import cache

from shared.storage.connection import Connection, Pool
from shared.storage.work import Work
from shared.wiring.clock import clock
from shared.wiring.settings import settings


@cache
def pool() -> Pool:
    return Pool(settings().database_url, settings().pool_size, dial=dial())


@cache
def dial() -> Callable[[], socket.socket] | None:
    """How the database is reached when `CLOUD_SQL_INSTANCE` (`project:region:name`) names one; the URL's host is not asked."""
    instance = os.environ.get("CLOUD_SQL_INSTANCE")
    if not instance:
        return None
    from shared.storage.google import CloudSql

    return CloudSql(instance).dial


class _LazyPublisher:
    """Loads the broker's adapter with the first message, so that a function which only reads never imports it."""

    def publish_outbox(self, connection: Connection, message_ids: list[str]) -> None:
        from shared.wiring.messaging import broker

        broker().publish_outbox(connection, message_ids)


def unit_of_work() -> Work:
    return Work(pool(), clock(), os.urandom, _LazyPublisher())
