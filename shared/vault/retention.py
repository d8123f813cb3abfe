"""For how long the law keeps what. Pure."""

from datetime import date, datetime, timedelta

FULL_YEARS = 4
"""15 USC 376a(c)(2): to the end of the fourth full calendar year that begins after the delivery sale."""

KEPT_BY_LAW = (
    "Records of delivery sales of restricted goods must be kept until the end of the fourth full calendar year after the "
    "sale (15 USC 376a(c)(2)). They are destroyed on the day after."
)
KEPT_BY_HOLD = (
    "A legal hold forbids to destroy anything until it is lifted. It is destroyed then, unless the law keeps it."
)


def retain_until(sold_on: date) -> date:
    """The last day on which the record of a sale must exist: 2030-12-31 for a sale on 2026-11-20."""
    return date(sold_on.year + FULL_YEARS, 12, 31)


def over_before(now: datetime) -> date:
    """Every day before this one has ended in all time zones of the United States."""
    return (now - timedelta(days=1)).date()
