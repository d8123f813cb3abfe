"""A made-up day in the shape of a real one: clustered shops, lunch and dinner peaks, couriers in overlapping shifts."""

import math
from datetime import timedelta
from random import Random

from infra.market.day import Courier, Day, PlannedOrder, Shop, minute
from shared.kernel.positions import Position
from shared.simulation.files import Projection

MINUTES = 825
"""From the first order to the last."""

CLUSTERS, CLUSTER_RADIUS_M, CITY_RADIUS_M = 7, 900.0, 4_500.0
SHIFTS = ((0, 210), (90, 270), (270, 450), (450, 630), (510, 690), (630, 760), (690, 850))
"""Minutes from opening to the end of each kind of shift."""

SHIFT_WEIGHTS = (4, 20, 12, 24, 24, 12, 8)
PLANE = Projection(0.0, 0.0)


def intensity(minutes: float) -> float:
    """Relative demand at a minute of the day: a low plateau, a lunch peak, a dinner peak twice as high. At most 1."""
    lunch = 0.38 * math.exp(-(((minutes - 200) / 55) ** 2))
    dinner = 0.85 * math.exp(-(((minutes - 570) / 80) ** 2))
    return min(1.0, 0.12 + lunch + dinner)


def arrivals(random: Random, per_minute_at_peak: float, minutes: float = MINUTES) -> list[float]:
    """A non-homogeneous Poisson process by thinning (Lewis and Shedler, 1979). Minutes, ascending."""
    found, at = [], 0.0
    while (at := at + random.expovariate(per_minute_at_peak)) < minutes:
        if random.random() < intensity(at):
            found.append(at)
    return found


def mean_intensity() -> float:
    return sum(intensity(at) for at in range(MINUTES)) / MINUTES


def generate_day(seed: int, orders: int = 505, shops: int = 116, couriers: int = 113) -> Day:
    """About `orders` orders, exactly as many shops and couriers."""
    random = Random(seed)
    centres = [scatter(random, (0.0, 0.0), CITY_RADIUS_M / 2) for _ in range(CLUSTERS)]
    spots = [scatter(random, random.choice(centres), CLUSTER_RADIUS_M) for _ in range(shops)]
    popularity = [1 / (rank + 3) for rank in range(shops)]
    planned = []
    for number, at in enumerate(arrivals(random, orders / (MINUTES * mean_intensity()))):
        [shop] = random.choices(range(shops), popularity)
        kitchen = min(55.0, max(1.0, random.gauss(18, 8)))
        planned.append(
            PlannedOrder(
                f"g{number + 1}", shop, position(scatter(random, spots[shop], 1_800)), minute(at), minute(at + kitchen)
            )
        )
    return Day(
        source=f"generated day, seed {seed}",
        shops=tuple(Shop(f"s{number + 1}", position(spot)) for number, spot in enumerate(spots)),
        couriers=tuple(courier(random, number) for number in range(couriers)),
        orders=tuple(planned),
        m_per_min=320.0,
        pickup_service=timedelta(minutes=4),
        dropoff_service=timedelta(minutes=4),
    )


def courier(random: Random, number: int) -> Courier:
    """The first of each kind of shift is always taken, so that somebody works at any minute."""
    kind = number if number < len(SHIFTS) else random.choices(range(len(SHIFTS)), SHIFT_WEIGHTS)[0]
    begins, ends = SHIFTS[kind]
    return Courier(
        f"c{number + 1}", position(scatter(random, (0.0, 0.0), CITY_RADIUS_M / 2)), minute(begins), minute(ends)
    )


def scatter(random: Random, middle: tuple[float, float], spread_m: float) -> tuple[float, float]:
    return random.gauss(middle[0], spread_m), random.gauss(middle[1], spread_m)


def position(spot: tuple[float, float]) -> Position:
    return PLANE.position(*spot)
