"""What the end of a task leaves behind: the driver's pay, and how the store's restricted goods fared at the door."""

from shared.storage.connection import Row
from shared.storage.work import Work

REFUSAL_RATE = """coalesce((SELECT (refused + 1) / CAST(delivered + refused + 20 AS float8) FROM doorstep_outcomes
                   WHERE store_id = :store_id), 0.05)"""
"""The share of a store's restricted deliveries that were refused, as if one of twenty before them had been."""


def done(work: Work, task: Row, store_id: str) -> None:
    """The driver has earned the payout; a delivery of restricted goods counts as received."""
    work.run(
        _DONE,
        driver_id=task["driver_id"],
        payout_minor=task["payout_minor"],
        now=work.now,
        store_id=store_id,
        checked=task["restricted"] and task["kind"] == "delivery",
    )


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
