"""The big roads of a generated city: freeways over the land, and a grid of arterials bent to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from shared.routing.streets.geojson import Kind, Points
from shared.routing.streets.land import EAST, NORTH, SOUTH, WEST, Land, density, inside
from shared.routing.streets.plane import cut, smooth, straight

MILE = 1_609.0
DOWNTOWN = 1_150.0
"""Radius of the inner loop, metres; inside it the streets are not the grid's."""

TREES = ("Live Oak", "Cedar", "Pecan", "Mockingbird", "Juniper", "Elm Fork", "Walnut Hill", "Sycamore", "Prairie", "Mesquite",
         "Willow", "Bluebonnet", "Magnolia", "Redbud", "Cottonwood", "Hickory", "Laurel", "Chaparral", "Meadow", "Cypress",
         "Dogwood", "Sumac", "Buckeye", "Persimmon")  # fmt: skip
PEOPLE = ("Harlan", "Whitfield", "Calloway", "Ames", "Ridley", "Barlow", "Kessler", "Tolliver", "Hampton", "Marsalis", "Greer",
          "Stratton", "Holloway", "Beckley", "Lomax", "Corbin", "Fairbanks", "Prescott", "Denham", "Maddox", "Sterling",
          "Wheeler", "Abbott", "Crandall")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Road:
    """One road on the plane."""

    kind: Kind
    name: str
    points: Points


FREEWAYS: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = (
    ("North Central Freeway", ((300, 1_100), (1_300, 5e3), (2_000, 11e3), (2_300, 18e3), (4_500, 25e3), (7e3, 31e3))),
    ("Northwest Freeway", ((-800, 800), (-3_200, 4_200), (-7e3, 8_500), (-9_500, 15e3), (-10_800, 23e3), (-12e3, 31e3))),
    ("West Freeway", ((-1_150, -200), (-5e3, -1_100), (-11e3, -900), (-18e3, -1_800), (-25e3, -1_500))),
    ("Southwest Freeway", ((-700, -900), (-3_200, -4_500), (-6_500, -9e3), (-10e3, -15e3), (-13e3, -22e3))),
    ("South Freeway", ((500, -1_050), (2_000, -5e3), (3_200, -12e3), (3e3, -22e3))),
    ("East Freeway", ((1_150, 200), (5e3, 900), (11e3, 600), (18e3, 3_200), (24e3, 5_500), (30e3, 8e3))),
    ("Tollway", ((-500, 1_000), (-1_300, 5e3), (-1_500, 12e3), (-1_900, 20e3), (-1_500, 31e3))),
    ("Loop 635", ((-9_300, -12_800), (-14_800, -7e3), (-15_800, 2e3), (-13e3, 9_500), (-7e3, 13_800), (1_900, 13_300),
                  (9e3, 11_500), (13e3, 5e3), (12_800, -3e3), (9_500, -10e3), (3_200, -14e3), (-3_500, -14_600))),
    ("Turnpike Loop", ((-25e3, 16e3), (-17e3, 19e3), (-9e3, 23_200), (1e3, 24_400), (10e3, 22_800), (17e3, 17e3),
                       (20_500, 9_500), (20e3, 1e3), (20_500, -7e3), (17e3, -21e3))),
)  # fmt: skip
"""Names and corners; a loop's last corner joins its first."""


def freeways() -> list[Road]:
    ring = DOWNTOWN * np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0.2, 6.48, 9)[:-1]])
    roads = [Road("motorway", "Downtown Loop", smooth(ring, 60.0, closed=True))]
    for name, corners in FREEWAYS:
        whole = smooth(np.array(corners, dtype=np.float64), 60.0, closed=name == "Loop 635")
        roads += [Road("motorway", name, part) for part in cut(whole, inside(whole), MILE)]
    return roads


def grid(random: np.random.Generator) -> tuple[Points, Points]:
    """The plan's arterials: x of each north-south one, y of each east-west one, about a mile apart."""
    columns = np.arange(np.floor(WEST / MILE) - 1, np.ceil(EAST / MILE) + 2) * MILE
    rows = np.arange(np.floor(SOUTH / MILE) - 1, np.ceil(NORTH / MILE) + 2) * MILE
    return columns + random.normal(0, 110.0, len(columns)), rows + random.normal(0, 110.0, len(rows))


def arterials(land: Land, columns: Points, rows: Points) -> Iterator[Road]:
    """Every fourth one crosses the map and the river; of the rest, more where more people live."""
    for at, x in enumerate(columns):
        whole = land.bend(straight((x, rows[0]), (x, rows[-1]), 60.0))
        yield from _arterial(land, whole, at, f"{PEOPLE[at % len(PEOPLE)]} {'Road' if at % 2 else 'Avenue'}")
    for at, y in enumerate(rows):
        whole = land.bend(straight((columns[0], y), (columns[-1], y), 60.0))
        yield from _arterial(land, whole, at, f"{TREES[at % len(TREES)]} {'Lane' if at % 2 else 'Boulevard'}")


def _arterial(land: Land, whole: Points, at: int, name: str) -> Iterator[Road]:
    great, main = at % 4 == 0, at % 2 == 0
    wanted = density(whole) > (-1.0 if great else 0.10 if main else 0.26)
    away = np.hypot(whole[:, 0], whole[:, 1]) > DOWNTOWN + 80.0
    dry = ~land.in_lake(whole) & (main | ~land.in_floodplain(whole))
    for part in cut(whole, inside(whole) & wanted & away & dry, MILE):
        yield Road("primary" if main else "secondary", name, part)
