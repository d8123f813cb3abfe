"""The broker that settings name."""

from functools import cache

from shared.messaging.protocol import Broker


@cache
def broker() -> Broker:
    from shared.messaging.embedded import EmbeddedBroker

    return EmbeddedBroker()
