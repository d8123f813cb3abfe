"""Planning decoys, finding the orders that their buyers placed, and keeping what became of them.

Nothing on an order's own path asks whether it is a decoy, so neither its speed nor its traces can give it away.
"""

from collections.abc import Sequence
from datetime import datetime

from shared.decoys import rules
from shared.decoys.rules import Scenario
from shared.kernel.errors import NotFound
from shared.kernel.roles import Caller
from shared.orders.states import Status
from shared.storage.connection import Row
from shared.storage.work import Work

BATCH = 100


def plan(work: Work, scenario: Scenario, customer_id: str, scheduled_for: datetime, caller: Caller) -> Row:
    """The next restricted order of this buyer within 12 hours from then on. Raises BadInput, NotFound."""
    rules.check_schedule(scheduled_for, work.now)
    planned = work.run(
        _PLAN, decoy_id=work.new_id("dcy"), scenario=scenario.value, customer_id=customer_id,
        scheduled_for=scheduled_for, planned_by=caller.tenant_id, now=work.now,
    )  # fmt: skip
    if not planned:
        raise NotFound.of("customer", customer_id)
    return planned[0]


def follow(work: Work) -> int:
    """Find the orders of those that are due and settle those that have ended. Gives the number settled."""
    settled = 0
    for decoy in work.run(_OPEN, now=work.now, limit=BATCH):
        order = work.one(
            _ORDER, order_id=decoy["order_id"], customer_id=decoy["customer_id"], since=decoy["scheduled_for"],
            until=decoy["scheduled_for"] + rules.WINDOW,
        )  # fmt: skip
        if order is not None:
            outcome = rules.outcome(Status(order["status"]), order["ended_reason"])
            work.run(_FOLLOW, decoy_id=decoy["decoy_id"], outcome=outcome, now=work.now, **_of(order))
            settled += outcome is not None
        elif rules.is_missed(decoy["scheduled_for"], work.now):
            work.run(_FOLLOW, decoy_id=decoy["decoy_id"], outcome="void", now=work.now, **_NEVER_ORDERED)
            settled += 1
    return settled


def listed(work: Work, after: str, limit: int) -> Sequence[Row]:
    """Newest first, those after an id; all when it is empty."""
    return work.run(_LIST, after=after, limit=limit)


def by_scenario(work: Work, since: datetime) -> Sequence[Row]:
    """How the decoys planned for since then fared."""
    return work.run(_BY_SCENARIO, since=since)


def _of(order: Row) -> Row:
    return {"order_id": order["order_id"], "driver_id": order["driver_id"], "reason": order["ended_reason"]}


_NEVER_ORDERED: Row = {"order_id": None, "driver_id": None, "reason": "not_ordered"}

_PLAN = """
    INSERT INTO decoys (decoy_id, scenario, customer_id, scheduled_for, planned_by, created_at, updated_at)
    SELECT :decoy_id, :scenario, tenant_id, CAST(:scheduled_for AS timestamptz), :planned_by, :now, :now
    FROM accounts WHERE tenant_id = :customer_id AND role = 'customer'
    RETURNING *
"""
_OPEN = """
    SELECT decoy_id, customer_id, scheduled_for, order_id FROM decoys
    WHERE outcome IS NULL AND scheduled_for <= :now ORDER BY scheduled_for, decoy_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
_ORDER = """
    SELECT order_id, status, driver_id, ended_reason FROM orders o
    WHERE (CAST(:order_id AS text) IS NOT NULL AND order_id = :order_id)
       OR (CAST(:order_id AS text) IS NULL AND customer_id = :customer_id AND restricted
           AND created_at >= :since AND created_at < :until
           AND NOT EXISTS (SELECT FROM decoys d WHERE d.order_id = o.order_id))
    ORDER BY order_id LIMIT 1
"""
_FOLLOW = """
    UPDATE decoys SET order_id = :order_id, driver_id = :driver_id, outcome = :outcome, reason = :reason, updated_at = :now
    WHERE decoy_id = :decoy_id
"""
_LIST = """
    SELECT * FROM decoys WHERE (:after = '' OR decoy_id < :after) ORDER BY decoy_id DESC LIMIT :limit
"""
_BY_SCENARIO = """
    SELECT scenario, count(*) AS planned,
           count(*) FILTER (WHERE outcome = 'refused') AS refused,
           count(*) FILTER (WHERE outcome = 'handed_over') AS handed_over,
           count(*) FILTER (WHERE outcome = 'void') AS void
    FROM decoys WHERE scheduled_for >= :since GROUP BY scenario ORDER BY scenario
"""
