"""The live store that settings name."""

from functools import cache

from shared.live.protocol import LiveStore
from shared.wiring.settings import settings


@cache
def live_store() -> LiveStore:
    from shared.live.embedded import EmbeddedLiveStore

    return EmbeddedLiveStore(settings().database_url, settings().pool_size)
