"""What a driver has earned, read from the ledger."""

from datetime import date

from shared.kernel.wire import View
from shared.ledger import accounts
from shared.storage.work import Work


class EarningsDayView(View):
    """A day by the calendar of the driver's region. `tasks` are deliveries and returns that were paid."""

    day: date
    pay_minor: int
    tips_minor: int
    paid_out_minor: int
    tasks: int


class EarningsView(View):
    """`balance_minor` is what is owed to the driver now, whatever the days asked for."""

    driver_id: str
    currency: str
    pay_minor: int
    tips_minor: int
    paid_out_minor: int
    balance_minor: int
    days: list[EarningsDayView]


def earnings(work: Work, driver_id: str, since: date, until: date) -> EarningsView:
    """From `since` to `until`, both included; days without a posting are left out."""
    account = accounts.driver(driver_id)
    rows = work.run(_DAYS, account=account, driver_id=driver_id, since=since, until=until)
    days = [EarningsDayView(**row) for row in rows]
    return EarningsView(
        driver_id=driver_id,
        currency="USD",
        pay_minor=sum(day.pay_minor for day in days),
        tips_minor=sum(day.tips_minor for day in days),
        paid_out_minor=sum(day.paid_out_minor for day in days),
        balance_minor=work.run(_BALANCE, account=account)[0]["balance_minor"],
        days=days,
    )


_DAYS = """
    SELECT p.day, CAST(coalesce(-sum(p.amount_minor) FILTER (WHERE p.kind = 'driver_pay'), 0) AS bigint) AS pay_minor,
           CAST(coalesce(-sum(p.amount_minor) FILTER (WHERE p.kind = 'tip'), 0) AS bigint) AS tips_minor,
           CAST(coalesce(sum(p.amount_minor) FILTER (WHERE p.kind = 'payout'), 0) AS bigint) AS paid_out_minor,
           count(*) FILTER (WHERE p.kind = 'driver_pay') AS tasks
    FROM (
        SELECT t.kind, e.amount_minor, CAST(t.at AT TIME ZONE r.timezone AS date) AS day
        FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id)
            JOIN drivers d ON d.driver_id = :driver_id JOIN regions r USING (region_id)
        WHERE e.account = :account AND t.currency = 'USD'
    ) AS p
    WHERE p.day BETWEEN :since AND :until GROUP BY p.day ORDER BY p.day
"""
_BALANCE = """
    SELECT CAST(coalesce(-sum(e.amount_minor), 0) AS bigint) AS balance_minor
    FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id)
    WHERE e.account = :account AND t.currency = 'USD'
"""
