"""Dated list prices, one row each with its source (US, tier 1, no discounts, no free tier)."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Price:
    """`dollars` for so many (`per`) of a `unit`."""

    name: str
    dollars: float
    per: float
    unit: str
    source: str
    as_of: date

    def of(self, amount: float) -> float:
        return amount * self.dollars / self.per


def read(file: Path) -> dict[str, Price]:
    """Raises ValueError for a row that is not a price, or a name that appears twice."""
    with file.open(newline="") as rows:
        prices = [
            Price(
                row["name"], float(row["dollars"]), float(row["per"]), row["unit"], row["source"],
                date.fromisoformat(row["as_of"]),
            )
            for row in csv.DictReader(rows)
        ]  # fmt: skip
    if len({price.name for price in prices}) != len(prices):
        raise ValueError(f"{file} prices something twice")
    return {price.name: price for price in prices}
