"""Small cities to play, with what was watched."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.dispatch.engine.acceptance import Acceptance
from shared.simulation.city.digest import Digest
from shared.simulation.city.eta import Predictor
from shared.simulation.city.parameters import DALLAS, City, Noise
from shared.simulation.city.play import Play
from shared.simulation.city.records import Kept, Leg
from shared.simulation.city.tally import Tally
from shared.simulation.variants import always

TOWN = City("town", DALLAS, orders=120, drivers=6)
BUSY = replace(TOWN, orders=300, drivers=8)

CALM = Noise(
    restricted_share=0.0, checkout_sigma=0.0, store_prep_sigma=0.0, prep_sigma=0.0, prep_rush=0.0, travel_sigma=0.0,
    congestion=0.0, pickup_sigma=0.0, doorstep_sigma=0.0, no_show_share=0.0, patience_s=1e6,
    acceptance=Acceptance(version="certain", intercept=50.0),
)  # fmt: skip
"""Nothing goes wrong and everything takes as long as expected; where and when orders are placed is chance still."""


@dataclass(slots=True)
class Seen(Kept):
    """All that happened in one region."""

    tally: Tally = field(default_factory=Tally)
    digest: Digest = field(default_factory=Digest)
    legs: list[Leg] = field(default_factory=list)
    shifts: dict[int, tuple[float, float]] = field(default_factory=dict)

    def leg(self, leg: Leg) -> None:
        self.legs.append(leg)

    def shift(self, driver: int, began: float, ended: float) -> None:
        self.shifts[driver] = began, ended


def played(
    city: City = TOWN, variant: str = "min_cost_flow", seed: int = 1, region: int = 0, days: int = 1,
    predictor: Predictor | None = None,
) -> Seen:  # fmt: skip
    seen = Seen()
    watchers = [seen, seen.tally, seen.digest]
    Play(city, always(variant), watchers, seed=seed, region=region, days=days, predictor=predictor).run()
    return seen
