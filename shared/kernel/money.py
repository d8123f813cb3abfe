"""Amounts of money: integer minor units (cents) with an ISO 4217 currency. No floats, ever."""

from dataclasses import dataclass


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were combined."""


@dataclass(frozen=True, slots=True)
class Money:
    """`minor` is in the currency's smallest unit: `Money(1299, "USD")` is $12.99."""

    minor: int
    currency: str = "USD"

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.minor + other.minor, self.currency)

    def times(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def share(self, basis_points: int) -> "Money":
        """A percentage in basis points (825 = 8.25 %), rounded half up to a whole minor unit."""
        return Money((self.minor * basis_points + 5_000) // 10_000, self.currency)
