"""The live store that settings name."""

from functools import cache

from shared.live.protocol import LiveStore
from shared.wiring.settings import on_google, required, settings


@cache
def live_store() -> LiveStore:
    if on_google():
        from shared.live.google import FirestoreLiveStore

        return FirestoreLiveStore(required("GOOGLE_CLOUD_PROJECT", "my-market"))
    from shared.live.embedded import EmbeddedLiveStore

    return EmbeddedLiveStore(settings().database_url, settings().pool_size)
