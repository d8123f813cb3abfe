"""Payouts: what the bank is told to pay, once per payee, currency and day, written down as it is posted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from shared.ledger import rules
from shared.ledger import service as ledger
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Payout:
    """`payee` is `driver:…` or `merchant:…`; a merchant's includes the tax collected in its name. `amount_minor` is what it is
    owed, negative when it owes the platform; `payout_id` is None when nothing was paid: it owes, or had its payout today."""

    payee: str
    amount_minor: int
    currency: str
    payout_id: str | None


def payees(work: Work) -> list[str]:
    """Whoever has a balance, drivers first."""
    return [row["payee"] for row in work.run(_PAYEES)]


def pay_out(work: Work, payee: str) -> Iterator[Payout]:
    """Pay what a payee is owed, per currency, in one transaction."""
    day = work.now.date()
    for currency, entries in ledger.owed(work, payee).items():
        amount_minor = -sum(entry.amount_minor for entry in entries)
        payout_id = None
        if amount_minor > 0:
            made = work.run(
                _PAY, payout_id=work.new_id("pot"), payee=payee, amount_minor=amount_minor, currency=currency, day=day,
                now=work.now,
            )  # fmt: skip
            payout_id = made[0]["payout_id"] if made else None
        if payout_id is not None:
            ledger.post(work, [rules.payout(payout_id, entries, currency)])
        if amount_minor:
            yield Payout(payee, amount_minor, currency, payout_id)
    work.checkpoint()


def told_on(work: Work, day: date) -> list[Payout]:
    """The payouts of a day (UTC), as the bank is told of them."""
    return [Payout(**row) for row in work.run(_TOLD, day=day)]


_PAYEES = """
    SELECT DISTINCT CASE WHEN starts_with(account, 'tax:') THEN 'merchant:' || substr(account, 5) ELSE account END AS payee
    FROM ledger_entries
    WHERE starts_with(account, 'driver:') OR starts_with(account, 'merchant:') OR starts_with(account, 'tax:')
    ORDER BY payee
"""
_PAY = """
    INSERT INTO payouts (payout_id, payee, amount_minor, currency, day, created_at)
    VALUES (:payout_id, :payee, :amount_minor, :currency, :day, :now)
    ON CONFLICT (payee, currency, day) DO NOTHING
    RETURNING payout_id
"""
_TOLD = "SELECT payee, amount_minor, currency, payout_id FROM payouts WHERE day = :day ORDER BY payout_id"
