"""How long rows serve that no law keeps, and the chore that deletes them after that.

What the law keeps has its clock in the vault (shared/vault/retention.py). docs/privacy.md lists every table, with who removes
what from it; a test holds both together.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.kernel.ids import first_id
from shared.storage.work import Work

BATCH = 1_000
"""Rows that one transaction deletes at the most."""

TICKS_KEPT = timedelta(days=30)
"""Long enough to explain an order to whoever complains about it, and to weigh other parameters on a month's ticks."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of `table` go once `age` lies `kept` in the past. `age` is a time, or an id of this `prefix`, which tells when it was
    made; `key` identifies a row."""

    table: str
    key: str
    age: str
    kept: timedelta
    prefix: str | None = None

    def before(self, now: datetime) -> datetime | str:
        """Where what is kept begins."""
        since = now - self.kept
        return since if self.prefix is None else first_id(self.prefix, since)

    @property
    def sql(self) -> str:
        """Deletes the oldest `:limit` rows that are `:before` it; those that somebody works with wait for the next time."""
        return f"""
            WITH old AS (
                SELECT {self.key} FROM {self.table} WHERE {self.age} < :before
                ORDER BY {self.age} LIMIT :limit FOR UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM {self.table} WHERE ({self.key}) IN (SELECT {self.key} FROM old) RETURNING 1
            )
            SELECT count(*) AS gone FROM gone
        """


RULES = (
    Rule("sessions", "token_hash", "expires_at", timedelta(0)),
    Rule("idempotency_keys", "caller, route, key", "created_at", timedelta(hours=24)),
    Rule("rate_windows", "caller, route_group", "window_at", timedelta(days=1)),
    Rule("prices", "price_id", "expires_at", timedelta(days=1)),
    Rule("driver_positions", "driver_id", "at", timedelta(days=1)),
    # Longer than the broker keeps a message that nobody acknowledged, which is seven days.
    Rule("inbox", "consumer, message_id", "at", timedelta(days=8)),
    Rule("ticks", "tick_id", "tick_id", TICKS_KEPT, prefix="tck"),
    # Longer than the models of acceptance look back.
    Rule("tick_logs", "tick_id", "tick_id", timedelta(days=90), prefix="tck"),
    # As far back as the report of what stands out can be asked for.
    Rule("doorstep_checks", "check_id", "at", timedelta(days=365)),
)


def purge(work: Work) -> dict[str, int]:
    """Delete what is past its time, each batch in a transaction of its own. Gives the rows by table."""
    return {rule.table: _purge(work, rule) for rule in RULES}


def _purge(work: Work, rule: Rule) -> int:
    gone, last = 0, BATCH
    while last == BATCH:
        last = work.run(rule.sql, before=rule.before(work.now), limit=BATCH)[0]["gone"]
        work.checkpoint()
        gone += last
    return gone
