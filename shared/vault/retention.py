"""Why what is kept is kept, and when a last day is over. Pure."""

from datetime import date, datetime, timedelta

KEPT_BY_LAW = (
    "Records of delivery sales of restricted goods must be kept until this day by the law of the day of the sale "
    "(15 USC 376a(c), or a State's own). They are destroyed on the day after."
)
KEPT_BY_HOLD = (
    "A legal hold forbids to destroy anything until it is lifted. It is destroyed then, unless the law keeps it."
)


def over_before(now: datetime) -> date:
    """Every day before this one has ended in all time zones of the United States."""
    return (now - timedelta(days=1)).date()
