"""The ground a generated city stands on: its middle, its river and lakes, where people live, how streets bend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from shared.routing.streets.geojson import Points
from shared.routing.streets.plane import Blob, Mask, blob, smooth

CENTRE = (32.78, -96.80)
"""(lat, lng) of the origin of the plane: downtown."""

METRES_PER_DEGREE = 111_195.0
WEST, EAST, SOUTH, NORTH = -23_400.0, 28_000.0, -20_000.0, 30_000.0
"""The plane's edges in metres; 32.60 to 33.05 N, 97.05 to 96.50 W."""

TOWNS = ((0, 0, 17e3, 1.0), (3e3, 22e3, 9e3, 0.8), (-15e3, 6e3, 8e3, 0.75), (15e3, 11e3, 8e3, 0.75), (-11e3, -13e3, 7e3, 0.6),
         (11e3, -12e3, 6e3, 0.55), (20e3, 25e3, 6e3, 0.5), (-16e3, 24e3, 6e3, 0.5))  # fmt: skip
"""(x, y, spread, height) of the hills whose highest is the density of a place."""

FLOODPLAIN = 420.0
"""Metres to either side of the river where nobody builds."""


@dataclass(frozen=True, slots=True)
class Land:
    """river: its middle, a point every 60 m. `bends`: (kx, ky, phase, dx, dy) waves that displace the street grid."""

    river: Points
    lakes: tuple[Blob, ...]
    parks: tuple[Blob, ...]
    bends: tuple[tuple[float, float, float, float, float], ...]

    def bend(self, plan: Points) -> Points:
        """From the plan's straight grid to where the streets really run."""
        turn = np.radians(2.0)
        x = plan[:, 0] * np.cos(turn) - plan[:, 1] * np.sin(turn)
        y = plan[:, 0] * np.sin(turn) + plan[:, 1] * np.cos(turn)
        bent = np.column_stack((x, y))
        for kx, ky, phase, dx, dy in self.bends:
            wave = np.sin(kx * x + ky * y + phase)
            bent += wave[:, None] * (dx, dy)
        return bent

    def in_lake(self, points: Points) -> Mask:
        return any_of(lake.contains(points, margin=60.0) for lake in self.lakes)

    def in_park(self, points: Points) -> Mask:
        return any_of(park.contains(points, margin=20.0) for park in self.parks)

    def in_floodplain(self, points: Points) -> Mask:
        return near(self.river, points, FLOODPLAIN)


def any_of(masks: Iterable[Mask]) -> Mask:
    either: Mask = np.logical_or.reduce([*masks])
    return either


def near(line: Points, points: Points, metres: float) -> Mask:
    """Which points are within `metres` of a line given by points closer together than that."""
    distance, _ = cKDTree(line).query(points, distance_upper_bound=metres)
    return np.isfinite(distance)


def density(points: Points) -> Points:
    """How built up a place is, from 0 (fields) to 1 (the middle)."""
    hills = [
        height * np.exp(-((points[:, 0] - x) ** 2 + (points[:, 1] - y) ** 2) / spread**2)
        for x, y, spread, height in TOWNS
    ]
    highest: Points = np.max(hills, axis=0)
    return highest


def inside(points: Points) -> Mask:
    x, y = points[:, 0], points[:, 1]
    within: Mask = (x > WEST) & (x < EAST) & (y > SOUTH) & (y < NORTH)
    return within


def degrees(points: Points) -> Points:
    """(lng, lat) of points on the plane."""
    lat, lng = CENTRE
    east = METRES_PER_DEGREE * np.cos(np.radians(lat))
    return np.column_stack((lng + points[:, 0] / east, lat + points[:, 1] / METRES_PER_DEGREE))


def lay_land(random: np.random.Generator) -> Land:
    lakes = (
        blob(random, 7_200, 5_200, 2_300, 900, 1.15, 0.16),
        blob(random, 24_500, 9_500, 6_500, 2_000, 1.35, 0.28),
        blob(random, -14_500, -8_500, 2_600, 1_200, 0.9, 0.24),
        blob(random, -17_500, 27_500, 5_000, 2_600, -0.5, 0.30),
        blob(random, -21_000, -17_500, 3_500, 1_400, 1.7, 0.28),
        blob(random, -8_200, 11_800, 900, 420, 0.5, 0.2),
    )
    return Land(_river(random), lakes, _parks(random, lakes), _bends(random))


def _river(random: np.random.Generator) -> Points:
    """From the north-west, close by downtown on its west, away to the south-east, meandering."""
    course = smooth(np.array([(-26e3, 13e3), (-14e3, 7.5e3), (-5e3, 2.6e3), (-1.9e3, -0.6e3), (1.5e3, -5e3), (8e3, -12e3),
                              (12e3, -23e3)]), 700.0)  # fmt: skip
    ahead = np.gradient(course, axis=0)
    normal = np.column_stack((-ahead[:, 1], ahead[:, 0])) / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    sway = random.normal(0.0, 170.0, len(course)) + 120.0 * np.sin(np.arange(len(course)) * 1.3)
    return smooth(course + normal * sway[:, None], 60.0)


def _parks(random: np.random.Generator, lakes: tuple[Blob, ...]) -> tuple[Blob, ...]:
    """Green around the small lakes, and some forty parks where people live."""
    shores = [
        Blob(lake.x, lake.y, lake.length + 450, lake.width + 380, lake.turn, lake.ripples) for lake in lakes[:3:2]
    ]
    spots = random.uniform((WEST, SOUTH), (EAST, NORTH), (400, 2))
    chosen = spots[(density(spots) > 0.3) & (np.hypot(spots[:, 0], spots[:, 1]) > 2_500)][:42]
    sizes = random.uniform(160, 620, len(chosen))
    groves = [
        blob(
            random,
            float(x),
            float(y),
            float(size),
            float(size * random.uniform(0.5, 0.95)),
            float(random.uniform(0, 3)),
            0.1,
        )
        for (x, y), size in zip(chosen, sizes, strict=True)
    ]
    return (*shores, *groves)


def _bends(random: np.random.Generator) -> tuple[tuple[float, float, float, float, float], ...]:
    waves = []
    for wavelength, height in ((31e3, 520.0), (19e3, 330.0), (11e3, 170.0), (7e3, 110.0), (4.5e3, 55.0), (3.1e3, 35.0)):
        for _ in range(2):
            course, push = random.uniform(0, 2 * np.pi, 2)
            k = 2 * np.pi / wavelength
            waves.append((k * np.cos(course), k * np.sin(course), random.uniform(0, 2 * np.pi),
                          height * np.cos(push), height * np.sin(push)))  # fmt: skip
    return tuple(tuple(float(value) for value in wave) for wave in waves)  # type: ignore[misc]
