"""POST /internal/maintenance/purge_idempotency_keys: forget answers older than 24 hours."""

from datetime import timedelta

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE
from shared.kernel.wire import View
from shared.storage.work import Work

KEPT = timedelta(hours=24)

_PURGE = """
    WITH old AS (DELETE FROM idempotency_keys WHERE created_at < :before RETURNING 1)
    SELECT count(*) AS purged FROM old
"""


class PurgedView(View):
    purged: int


@endpoint("POST", "/internal/maintenance/purge_idempotency_keys", roles=INTERNAL, sizing=CHORE)
def purge_idempotency_keys(work: Work) -> PurgedView:
    return PurgedView(purged=work.run(_PURGE, before=work.now - KEPT)[0]["purged"])
