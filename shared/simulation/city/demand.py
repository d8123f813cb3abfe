"""The orders of one region and day, with everything that will happen to them if a driver comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from shared.dispatch.engine.columns import Flags, Floats, Ints
from shared.dispatch.rules import BASE_PAYOUT_MINOR, DISPATCH_LEAD, PAYOUT_PER_KM_MINOR
from shared.simulation.city.draws import Draws, Source
from shared.simulation.city.orders import Order
from shared.simulation.city.parameters import HOURLY, City
from shared.simulation.city.places import Places

DAY_S = 86_400.0
CHUNK = 1_000
"""Orders that are turned into objects at a time: of all others only the columns are held."""


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Orders by placement; the columns are those of `Order`, of shape [orders]. Moments are seconds since the first
    day's midnight."""

    number: Ints
    store: Ints
    lat: Floats
    lng: Floats
    door_lat: Floats
    door_lng: Floats
    metres: Floats
    restricted: Flags
    of_age: Flags
    refused: Flags
    placed: Floats
    accepted: Floats
    announced_s: Floats
    opens: Floats
    ready: Floats
    gives_up: Floats
    pickup_s: Floats
    doorstep_s: Floats
    carry_noise: Floats
    return_noise: Floats
    first_payout_minor: Ints

    def __iter__(self) -> Iterator[Order]:
        columns = [getattr(self, field.name) for field in fields(self)]
        for start in range(0, len(self.number), CHUNK):
            for row in zip(*(column[start : start + CHUNK].tolist() for column in columns), strict=True):
                yield Order(*row)


def demand(city: City, places: Places, draws: Draws, region: int, day: int) -> Demand:
    """A region's orders of one day; their numbers are unique within the region."""
    noise, count = city.noise, city.of_region(city.orders, region)
    at, n = draws, np.arange(count)
    placed = day * DAY_S + np.sort(_moments(at.uniform(Source.PLACED, day, n)))
    store = np.searchsorted(places.popularity, at.uniform(Source.SOLD_BY, day, n)).clip(max=len(places.lat) - 1)
    metres = np.minimum(at.around(city.door_m, city.door_sigma, Source.DOOR_WAY, day, n), city.radius_m)
    angle = 2.0 * np.pi * at.uniform(Source.DOOR_ANGLE, day, n)
    step_lat, step_lng = city.degrees(metres * np.cos(angle), metres * np.sin(angle))
    restricted = at.uniform(Source.RESTRICTED, day, n) < noise.restricted_share
    accepted = placed + at.around(noise.checkout_s, noise.checkout_sigma, Source.CHECKOUT, day, n)
    slower = 1.0 + noise.prep_rush * busyness(placed)
    ready = accepted + at.around(places.prep_s[store] * slower, noise.prep_sigma, Source.PREP, day, n)
    announced_s = places.announced_s[store]
    early = accepted + np.maximum(announced_s - DISPATCH_LEAD.total_seconds(), 0.0)
    return Demand(
        number=day * 10_000_000 + n,
        store=store,
        lat=places.lat[store],
        lng=places.lng[store],
        door_lat=places.lat[store] + step_lat - city.centre.lat,
        door_lng=places.lng[store] + step_lng - city.centre.lng,
        metres=metres,
        restricted=restricted,
        of_age=~restricted | (at.uniform(Source.AGE_CHECK, day, n) >= noise.age_failure_share),
        refused=restricted & (at.uniform(Source.REFUSAL, day, n) < noise.refusal_share),
        placed=placed,
        accepted=accepted,
        announced_s=announced_s,
        opens=np.minimum(early, ready),
        ready=ready,
        gives_up=placed + at.around(noise.patience_s, noise.patience_sigma, Source.PATIENCE, day, n),
        pickup_s=at.around(noise.pickup_s, noise.pickup_sigma, Source.PICKUP, day, n),
        doorstep_s=at.around(noise.doorstep_s, noise.doorstep_sigma, Source.DOORSTEP, day, n),
        carry_noise=at.around(1.0, noise.travel_sigma, Source.CARRY, day, n),
        return_noise=at.around(1.0, noise.travel_sigma, Source.RETURN, day, n),
        first_payout_minor=BASE_PAYOUT_MINOR + np.rint(metres / 1_000 * PAYOUT_PER_KM_MINOR).astype(np.int64),
    )


def busyness(moment: Floats) -> Floats:
    """Demand of the hour against that of the busiest, 0 to 1."""
    hourly = np.array(HOURLY, dtype=np.float64)
    return np.asarray((hourly / hourly.max())[(moment % DAY_S / 3_600.0).astype(np.int64)])


def _moments(uniform: Floats) -> Floats:
    """Seconds of the day, distributed as HOURLY says (its cumulated distribution inverted)."""
    share = np.concatenate(([0.0], np.cumsum(HOURLY))) / sum(HOURLY)
    return np.interp(uniform, share, np.arange(25.0) * 3_600.0)
