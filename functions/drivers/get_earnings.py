"""GET /v1/drivers/{driver_id}/earnings: pay, tips and payouts by day, from the ledger."""

from datetime import date, timedelta

from pydantic import Field

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Query
from shared.ledger.earnings import EarningsView, earnings
from shared.storage.work import Work

WEEK = timedelta(days=6)
OPENED, CLOSES = date(2020, 1, 1), date(2999, 12, 31)
"""Days outside are a slip of the keyboard."""


class EarningsQuery(Query):
    """Both days are included; the last seven when left out."""

    since: date | None = Field(default=None, ge=OPENED, le=CLOSES)
    until: date | None = Field(default=None, ge=OPENED, le=CLOSES)


@endpoint("GET", "/v1/drivers/{driver_id}/earnings", roles={Role.DRIVER, Role.ADMIN}, owner=Owner.DRIVER)
def get_earnings(query: EarningsQuery, driver_id: str, work: Work) -> EarningsView:
    until = query.until or work.now.date()
    return earnings(work, driver_id, query.since or until - WEEK, until)
