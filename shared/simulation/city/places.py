"""Where the stores of a region lie, how much they sell and how long they take; and where somebody may be found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.dispatch.engine.columns import Floats, Ints
from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.parameters import City

LEAST_RADIUS_M = 2_500.0
"""However few its stores, a region is no smaller than this."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """One region. Stores have the shape [stores], hot spots [spots].

    lat, lng      of the stores, degrees
    popularity    of the stores, cumulated, ends at 1
    prep_s        each store's own median preparation time
    announced_s   what it announces
    spot          float64[spots, 2], east and north of the city's centre, metres
    spread_m      standard deviation around a hot spot
    """

    city: City
    lat: Floats
    lng: Floats
    popularity: Floats
    prep_s: Floats
    announced_s: Floats
    spot: Floats
    spread_m: float

    @classmethod
    def of(cls, city: City, region: int, draws: Draws) -> Places:
        noise = city.noise
        stores = np.arange(max(2, round(city.of_region(city.orders, region) / city.orders_per_store)))
        radius_m = max(LEAST_RADIUS_M, 1_000.0 * float(np.sqrt(len(stores) / city.stores_per_km2 / np.pi)))
        spots = np.arange(city.hot_spots)
        middle = _middle(city, region, radius_m)
        offsets = (draws.uniform(source, spots) for source in (Source.HOT_SPOT_EAST, Source.HOT_SPOT_NORTH))
        spot = middle + radius_m * (2.0 * np.column_stack(list(offsets)) - 1.0) * 0.7
        spread_m = 0.35 * radius_m
        east, north = _around(spot, spread_m, draws, (Source.STORE_SPOT, Source.STORE_EAST, Source.STORE_NORTH), stores)
        lat, lng = city.degrees(east, north)
        weight = (stores + 1.0) ** -city.popularity
        prep_s = draws.around(noise.store_prep_s, noise.store_prep_sigma, Source.STORE_PREP, stores)
        announced_s = np.ceil(prep_s / noise.announced_step_s) * noise.announced_step_s
        return cls(city, lat, lng, np.cumsum(weight / weight.sum()), prep_s, announced_s, spot, spread_m)

    def homes(self, draws: Draws, people: Ints) -> tuple[Floats, Floats]:
        """Where drivers go on: (lat, lng), float64[people]."""
        sources = (Source.HOME_SPOT, Source.HOME_EAST, Source.HOME_NORTH)
        return self.city.degrees(*_around(self.spot, self.spread_m, draws, sources, people))


def _around(
    spot: Floats, spread_m: float, draws: Draws, sources: tuple[Source, Source, Source], who: Ints
) -> tuple[Floats, Floats]:
    which, east, north = sources
    chosen = spot[(draws.uniform(which, who) * len(spot)).astype(np.int64)]
    return chosen[:, 0] + spread_m * draws.normal(east, who), chosen[:, 1] + spread_m * draws.normal(north, who)


def _middle(city: City, region: int, radius_m: float) -> Floats:
    """Regions lie side by side on a square grid around the city's centre."""
    side = int(np.ceil(np.sqrt(city.regions)))
    cell = np.array((region % side, region // side), dtype=np.float64)
    return (cell - (side - 1) / 2.0) * 3.0 * radius_m
