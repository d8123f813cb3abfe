"""The small streets of a generated city: blocks in the old town, curves in the suburbs, lanes in the country."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from shared.routing.streets.geojson import Points
from shared.routing.streets.land import Land, density, inside, near
from shared.routing.streets.plane import Mask, cut, simplify, straight
from shared.routing.streets.roads import DOWNTOWN, Road

BLOCKS_FROM, CURVES_FROM, LANES_FROM = 0.52, 0.20, 0.06
"""Densities from which a square mile is laid out in blocks, in curves, in lanes."""

STEP = 40.0
SHORTEST = 120.0


def neighbourhoods(
    random: np.random.Generator, land: Land, columns: Points, rows: Points, motorways: Points
) -> list[list[Points]]:
    """The streets of each square mile between the arterials, cut where the land or a freeway does not let them pass."""
    miles = np.array([(w, s, e - w, n - s) for w, e in pairwise(columns) for s, n in pairwise(rows)])
    built_up = density(land.bend(miles[:, :2] + miles[:, 2:] / 2))
    planned = [
        (mile, miles[mile, :2] + plan * miles[mile, 2:])
        for mile in range(len(miles))
        for plan in _plans(random, float(built_up[mile]))
    ]
    points = land.bend(np.vstack([street for _, street in planned]))
    kept = inside(points) & ~_blocked(land, motorways, points)
    ends = np.cumsum([len(street) for _, street in planned])[:-1]
    built: list[list[Points]] = [[] for _ in miles]
    for (mile, _), street, keep in zip(planned, np.split(points, ends), np.split(kept, ends), strict=True):
        built[mile] += [simplify(part, 7.0) for part in cut(street, keep, SHORTEST)]
    return [streets for streets in built if streets]


def downtown(motorways: Points) -> Iterator[Road]:
    """A grid of short blocks, turned against the rest of the city, within the inner loop."""
    turn = np.radians(29.0)
    along, across = np.array((np.cos(turn), np.sin(turn))), np.array((-np.sin(turn), np.cos(turn)))
    for nth, offset in enumerate(np.arange(-1_040, 1_041, 104.0)):
        for name, course, side in (("Street", along, across), ("Avenue", across, along)):
            ends = side * offset - course * DOWNTOWN, side * offset + course * DOWNTOWN
            whole = straight((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1]), 30.0)
            kept = (np.hypot(whole[:, 0], whole[:, 1]) < DOWNTOWN) & ~near(motorways, whole, 55.0)
            for part in cut(whole, kept, SHORTEST):
                yield Road(
                    "secondary" if nth % 4 == 0 else "residential", f"{_ordinal(nth + 1)} {name}", simplify(part, 2.0)
                )


def _blocked(land: Land, motorways: Points, points: Points) -> Mask:
    blocked: Mask = (
        land.in_lake(points) | land.in_park(points) | land.in_floodplain(points) | near(motorways, points, 75.0)
    )
    blocked |= np.hypot(points[:, 0], points[:, 1]) < DOWNTOWN + 90.0
    return blocked


def _plans(random: np.random.Generator, built_up: float) -> list[Points]:
    """Streets of one square mile in its own coordinates: (0, 0) its south-west corner, (1, 1) its north-east one."""
    if built_up >= BLOCKS_FROM:
        return _blocks(random)
    if built_up >= CURVES_FROM:
        return [street for quarter in np.ndindex(2, 2) for street in _curves(random, np.array(quarter) / 2.0)]
    if built_up >= LANES_FROM:
        return _lanes(random)
    return []


def _blocks(random: np.random.Generator) -> list[Points]:
    """Long blocks one way, short ones the other; a street is missing now and then, or ends halfway."""
    short, long = 1 / random.integers(11, 15), 1 / random.integers(6, 9)
    turned = random.random() < 0.5
    streets = []
    for spacing, flipped in ((short, turned), (long, not turned)):
        for offset in np.arange(spacing, 1.0 - spacing / 2, spacing):
            if random.random() < 0.07:
                continue
            start, end = (0.0, 1.0) if random.random() < 0.75 else ((0.0, 0.5) if random.random() < 0.5 else (0.5, 1.0))
            street = straight((start, offset), (end, offset), STEP / 1_600.0)
            streets.append(street[:, ::-1] if flipped else street)
    return streets


def _curves(random: np.random.Generator, corner: Points) -> list[Points]:
    """A quarter of a suburban mile: a collector, waving streets beside each other, links and culs-de-sac between them."""
    turned = random.random() < 0.5
    sway, waves, phase = random.uniform(0.01, 0.05), random.uniform(0.4, 1.1), random.uniform(0, 2 * np.pi)
    rows = np.sort(random.uniform(0.05, 0.45, 4) * 0.35 + np.linspace(0.06, 0.44, 4) * 0.65)
    u = np.linspace(0.0, 0.5, 21)

    def wave(row: float) -> Points:
        lift: Points = row + sway * np.sin(4 * np.pi * waves * u + phase) * np.sin(2 * np.pi * u)
        return lift

    streets = [np.column_stack((u, wave(row)))[slice(*_stretch(random))] for row in rows]
    for low, high in zip(rows, [*rows[1:], 0.5], strict=True):
        for at in random.integers(2, 19, 2):
            dead_end = random.random() < 0.45
            top = wave(low)[at] + (high - low) * 0.6 if dead_end else (wave(high)[at] if high < 0.5 else 0.5)
            lean = random.uniform(-0.015, 0.015)
            streets.append(straight((u[at], wave(low)[at]), (u[at] + lean, top), STEP / 1_600.0))
    return [corner + (street[:, ::-1] if turned else street) for street in streets]


def _stretch(random: np.random.Generator) -> tuple[int, int]:
    """Which of a street's 21 points are built: mostly all, else from one end up to somewhere."""
    if random.random() < 0.5:
        return 0, 21
    return (0, int(random.integers(13, 20))) if random.random() < 0.5 else (int(random.integers(2, 8)), 21)


def _lanes(random: np.random.Generator) -> list[Points]:
    u = np.linspace(0.0, 1.0, 31)
    lanes = []
    for _ in range(int(random.integers(1, 4))):
        row, lean, sway = random.uniform(0.15, 0.85), random.uniform(-0.15, 0.15), random.uniform(0.01, 0.06)
        lane = np.column_stack((u, row + lean * (u - 0.5) + sway * np.sin(5 * u + 20 * row)))
        lanes.append(lane[:, ::-1] if random.random() < 0.5 else lane)
    return lanes


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
