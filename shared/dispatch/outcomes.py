"""What the end of a task leaves behind: the driver's pay, and how the store's restricted goods fared at the door."""

from shared.ledger import rules as ledger_rules
from shared.ledger import service as ledger
from shared.orders import books
from shared.orders.service import Order
from shared.storage.connection import Row
from shared.storage.work import Work

REFUSAL_RATE = """coalesce((SELECT (refused + 1) / CAST(delivered + refused + 20 AS float8) FROM doorstep_outcomes
                   WHERE store_id = :store_id), 0.05)"""
"""The share of a store's restricted deliveries that were refused, as if one of twenty before them had been."""


def done(work: Work, task: Row, order: Order) -> None:
    """The driver has earned the payout, and with a delivery the tip; one of restricted goods counts as received."""
    delivery = task["kind"] == "delivery"
    work.run(
        _DONE,
        driver_id=task["driver_id"],
        payout_minor=task["payout_minor"],
        now=work.now,
        store_id=order.row["store_id"],
        checked=task["restricted"] and delivery,
    )
    pay = ledger_rules.driver_pay(order.id, task["task_id"], task["driver_id"], task["payout_minor"], task["currency"])
    tip = ledger_rules.tip(books.sale_of(order.row), task["driver_id"])
    ledger.post(work, [pay, tip] if delivery else [pay])


def refused(work: Work, task: Row, store_id: str) -> None:
    """Restricted goods go back to the store; later tasks are told how likely that is."""
    if task["restricted"]:
        work.run(_REFUSED, store_id=store_id)


_DONE = """
    WITH counted AS (
        INSERT INTO doorstep_outcomes AS o (store_id, delivered) SELECT :store_id, 1 WHERE CAST(:checked AS boolean)
        ON CONFLICT (store_id) DO UPDATE SET delivered = o.delivered + 1
    )
    UPDATE drivers SET earned_minor = earned_minor + CAST(:payout_minor AS bigint), updated_at = :now
    WHERE driver_id = :driver_id
"""
_REFUSED = """
    INSERT INTO doorstep_outcomes AS o (store_id, refused) VALUES (:store_id, 1)
    ON CONFLICT (store_id) DO UPDATE SET refused = o.refused + 1
"""
