"""POST /internal/maintenance/purge_sessions: remove sessions that have ended and prices nobody redeemed."""

from datetime import timedelta

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE
from shared.kernel.wire import View
from shared.storage.work import Work

INBOX_KEPT = timedelta(days=8)
"""Longer than the broker keeps a message that nobody acknowledged (seven days)."""

_PURGE = """
    WITH sessions_gone AS (DELETE FROM sessions WHERE expires_at < :now RETURNING 1),
    prices_gone AS (DELETE FROM prices WHERE expires_at < :now AND order_id IS NULL RETURNING 1),
    inbox_gone AS (DELETE FROM inbox WHERE at < :inbox_before RETURNING 1)
    SELECT (SELECT count(*) FROM sessions_gone) AS sessions, (SELECT count(*) FROM prices_gone) AS prices
"""


class PurgedView(View):
    sessions: int
    prices: int


@endpoint("POST", "/internal/maintenance/purge_sessions", roles=INTERNAL, sizing=CHORE)
def purge_sessions(work: Work) -> PurgedView:
    row = work.run(_PURGE, now=work.now, inbox_before=work.now - INBOX_KEPT)[0]
    return PurgedView(sessions=row["sessions"], prices=row["prices"])
