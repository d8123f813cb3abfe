"""What is posted when: each happening of an order's money as a balanced transaction. Pure.

The merchant is the seller, so the goods and their tax are the merchant's; the platform earns a commission and the delivery
fee, and passes the tip on. What the processor does with the money at capture is its `Settlement`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from shared.kernel.money import Money
from shared.ledger import accounts

COMMISSION_BPS = 1_500
"""The platform's share of the goods' price, in basis points."""

Kind = Literal["sale", "capture", "refund", "driver_pay", "tip", "payout"]


class Settlement(StrEnum):
    """Who has a customer's money once it is captured."""

    PLATFORM = "platform"
    """The platform has all of it, and pays the merchant out."""
    SPLIT = "split"
    """The processor gives the merchant its part at once, and the platform its fee."""
    MERCHANT = "merchant"
    """The merchant has all of it, and owes the platform its fee."""


class OutOfBalance(ValueError):
    """The entries of a transaction do not sum to zero."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`amount_minor` is a debit when positive, a credit when negative."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Transaction:
    """Posted once per (kind, subject). Raises OutOfBalance when it is made."""

    kind: Kind
    subject: str
    order_id: str | None
    currency: str
    entries: tuple[Entry, ...]

    def __post_init__(self) -> None:
        if sum(entry.amount_minor for entry in self.entries) != 0:
            raise OutOfBalance(f"{self.kind} of {self.subject}: {self.entries}")


@dataclass(frozen=True, slots=True)
class Sale:
    """What the customer of one delivered order pays, by what it is for; minor units."""

    order_id: str
    merchant_id: str
    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    tax_minor: int
    tip_minor: int

    @property
    def total_minor(self) -> int:
        return self.subtotal_minor + self.delivery_fee_minor + self.tax_minor + self.tip_minor

    @property
    def commission_minor(self) -> int:
        return Money(self.subtotal_minor, self.currency).share(COMMISSION_BPS).minor

    def parts(self, amount_minor: int) -> "Parts":
        """Whose so much of the total is, in proportion; rounding is the seller's gain, and all of it is exact."""
        whole = max(1, self.total_minor)
        platform_minor = (self.commission_minor + self.delivery_fee_minor + self.tip_minor) * amount_minor // whole
        tax_minor = self.tax_minor * amount_minor // whole
        return Parts(platform_minor, tax_minor, amount_minor - platform_minor - tax_minor)


@dataclass(frozen=True, slots=True)
class Parts:
    """An amount by whose it is. The platform's is commission, delivery fee and tip: on Stripe, the application fee."""

    platform_minor: int
    tax_minor: int
    seller_minor: int

    def __sub__(self, other: "Parts") -> "Parts":
        return Parts(
            self.platform_minor - other.platform_minor,
            self.tax_minor - other.tax_minor,
            self.seller_minor - other.seller_minor,
        )


def sale(sold: Sale) -> Transaction:
    """The goods are in the customer's hands: the customer owes, and everybody has earned a share."""
    return _transaction("sale", sold.order_id, sold, (
        (accounts.CUSTOMERS, sold.total_minor),
        (accounts.merchant(sold.merchant_id), sold.commission_minor - sold.subtotal_minor),
        (accounts.tax(sold.merchant_id), -sold.tax_minor),
        (accounts.FEES, -sold.commission_minor - sold.delivery_fee_minor),
        (accounts.TIPS, -sold.tip_minor),
    ))  # fmt: skip


def capture(sold: Sale, intent_id: str, amount_minor: int, processor: str, settlement: Settlement) -> Transaction:
    """The customer has paid; the money is where the processor settles it."""
    paid = _settled(sold, sold.parts(amount_minor), processor, settlement)
    return _transaction("capture", intent_id, sold, ((accounts.CUSTOMERS, -amount_minor), *paid))


def refund(
    sold: Sale, intent_id: str, amount_minor: int, before_minor: int, processor: str, settlement: Settlement
) -> Transaction:
    """Everybody gives up a share, and the customer has it back from wherever it is. The driver keeps pay and tip.

    `before_minor` is what was refunded of this order earlier.
    """
    parts = refunded_parts(sold, amount_minor, before_minor)
    back = _settled(sold, parts, processor, settlement)
    return _transaction("refund", intent_id, sold, (
        (accounts.CUSTOMERS, -amount_minor),
        (accounts.merchant(sold.merchant_id), parts.seller_minor),
        (accounts.tax(sold.merchant_id), parts.tax_minor),
        (accounts.FEES, parts.platform_minor),
        (accounts.CUSTOMERS, amount_minor),
        *((account, -minor) for account, minor in back),
    ))  # fmt: skip


def refunded_parts(sold: Sale, amount_minor: int, before_minor: int) -> Parts:
    """Taken from the sum refunded so far, so that many small refunds come to the same as one."""
    return sold.parts(before_minor + amount_minor) - sold.parts(before_minor)


def driver_pay(order_id: str, task_id: str, driver_id: str, payout_minor: int, currency: str) -> Transaction:
    """A delivery, or the way back with refused goods, is done."""
    pay = ((accounts.DRIVER_PAY, payout_minor), (accounts.driver(driver_id), -payout_minor))
    return Transaction("driver_pay", task_id, order_id, currency, _entries(pay))


def tip(sold: Sale, driver_id: str) -> Transaction:
    """The customer's tip is the driver's."""
    return _transaction("tip", sold.order_id, sold, (
        (accounts.TIPS, sold.tip_minor), (accounts.driver(driver_id), -sold.tip_minor),
    ))  # fmt: skip


def payout(payout_id: str, owed: tuple[Entry, ...], currency: str) -> Transaction:
    """What a payee is owed leaves the bank; `owed` are the balances of its accounts, credits being negative."""
    settled = tuple((entry.account, -entry.amount_minor) for entry in owed)
    return Transaction("payout", payout_id, None, currency, _entries(
        (*settled, (accounts.BANK, sum(entry.amount_minor for entry in owed)))
    ))  # fmt: skip


def _settled(sold: Sale, parts: Parts, processor: str, settlement: Settlement) -> tuple[tuple[str, int], ...]:
    """Where captured money is, as debits."""
    theirs = (
        (accounts.merchant(sold.merchant_id), parts.seller_minor),
        (accounts.tax(sold.merchant_id), parts.tax_minor),
    )
    if settlement == Settlement.SPLIT:
        return ((accounts.processor(processor), parts.platform_minor), *theirs)
    if settlement == Settlement.MERCHANT:
        return ((accounts.merchant(sold.merchant_id), parts.platform_minor), *theirs)
    return ((accounts.processor(processor), parts.platform_minor + parts.tax_minor + parts.seller_minor),)


def _transaction(kind: Kind, subject: str, sold: Sale, lines: Iterable[tuple[str, int]]) -> Transaction:
    return Transaction(kind, subject, sold.order_id, sold.currency, _entries(lines))


def _entries(lines: Iterable[tuple[str, int]]) -> tuple[Entry, ...]:
    return tuple(Entry(account, minor) for account, minor in lines if minor)
