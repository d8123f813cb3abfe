"""Whom an erasure and a legal hold are about: a customer, a driver or a merchant; and what is kept of one."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shared.kernel.errors import Conflict
from shared.ledger import service as ledger
from shared.storage.work import Work


class OrdersOpen(Conflict):
    """`order_ids` names the orders that must end first."""

    code, title = "orders_open", "Some orders have not ended yet"


class BalanceOpen(Conflict):
    """`balances` says by currency what the platform owes, in minor units; below zero is what it is owed."""

    code, title = "balance_open", "The account is not settled yet"


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that is not destroyed yet. `until` is the last day of it, None while a hold is open."""

    what: str
    sales: int
    reason: str
    until: date | None


class Subject(Protocol):
    """What differs between those who may ask to be forgotten.

    `erased` names what goes at once unless a hold is open, `erased_in_any_case` what goes also then, `pseudonymous` what stays
    under an id that leads to nobody; `kept_as` is how an answer calls what the records of sales keep of the subject.
    """

    @property
    def id(self) -> str: ...
    @property
    def erased(self) -> tuple[str, ...]: ...
    @property
    def erased_in_any_case(self) -> tuple[str, ...]: ...
    @property
    def pseudonymous(self) -> tuple[str, ...]: ...
    @property
    def kept_as(self) -> str: ...

    def leave(self, work: Work) -> None:
        """Let nothing new begin, then see that nothing is open. Raises a refusal that says what to do first."""
        ...

    def unrecorded(self, work: Work) -> list[str]:
        """Delivered orders whose records will name the subject and are not made yet."""
        ...

    def forget(self, work: Work) -> None:
        """Remove what lies in the clear. Called once more when a hold ends."""
        ...


def check_orders_ended(order_ids: list[str]) -> None:
    """Raises OrdersOpen."""
    if order_ids:
        raise OrdersOpen(
            "Cancel these orders, or wait until they have ended, then erase the account.", order_ids=order_ids
        )


def check_settled(work: Work, payee: str) -> None:
    """Raises BalanceOpen while a driver or merchant is owed anything, or owes."""
    balances = {
        currency: -sum(entry.amount_minor for entry in entries)
        for currency, entries in ledger.owed(work, payee).items()
    }
    open_ones = {currency: minor for currency, minor in balances.items() if minor}
    if not open_ones:
        return
    owes = any(minor < 0 for minor in open_ones.values())
    first = "Settle with support what you owe" if owes else "Wait for the next payout, which pays what you are owed"
    raise BalanceOpen(f"{first}, then erase the account.", balances=open_ones)
