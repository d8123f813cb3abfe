"""What an operator sets about surge in a region, and what a customer therefore pays. Pure.

In a disaster declared by the governor or the president, taking advantage of it by an exorbitant price for food, medicine
or another necessity is a deceptive trade practice in Texas (Business & Commerce Code § 17.46(b)(27), § 17.4625). A region's
switch then holds every multiplier at 1.0, at once and for all goods.
"""

from dataclasses import dataclass
from typing import Any

NONE_BPS = 10_000
"""The multiplier 1.0: no surge."""

MOST_BPS = 20_000


@dataclass(frozen=True, slots=True)
class SurgeTerms:
    """`limit_bps` is the highest multiplier; `driver_share_bps` is what the driver gets of what surge adds to the fee."""

    limit_bps: int = MOST_BPS
    driver_share_bps: int = 8_000
    disaster_declared: bool = False

    def __post_init__(self) -> None:
        if not (NONE_BPS <= self.limit_bps <= MOST_BPS and 0 <= self.driver_share_bps <= 10_000):
            raise ValueError("limit_bps must be from 10,000 to 20,000 and driver_share_bps from 0 to 10,000")

    @classmethod
    def of(cls, settings: dict[str, Any]) -> "SurgeTerms":
        """From a region's settings; what they leave out is the default."""
        return cls(**settings.get("surge", {}))

    @property
    def cap_bps(self) -> int:
        return NONE_BPS if self.disaster_declared else self.limit_bps

    def charged_bps(self, zone_bps: int | None) -> int:
        """What a price is multiplied by in a zone; 1.0 where no zone is known, or its last figures are too old."""
        return NONE_BPS if zone_bps is None else min(zone_bps, self.cap_bps)
