"""Lines and shapes on a plane of metres: smooth, bend, cut and simplify."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from shared.routing.streets.geojson import Points

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Blob:
    """A closed shape around a centre: an ellipse whose outline is disturbed by a few harmonics.

    x, y      centre, metres
    length    half of the long axis, metres
    width     half of the short axis, metres
    turn      radians, anticlockwise from east
    ripples   (order, share, phase): the outline is pushed out by share · cos(order · angle + phase)
    """

    x: float
    y: float
    length: float
    width: float
    turn: float
    ripples: tuple[tuple[int, float, float], ...]

    def contains(self, points: Points, margin: float = 0.0) -> Mask:
        """Which points are inside, or within about `margin` metres of it."""
        along, across = self._own_axes(points)
        inside: Mask = np.hypot(along, across) < self._reach(np.arctan2(across, along)) + margin / self.width
        return inside

    def outline(self, corners: int) -> Points:
        """A closed ring of that many corners."""
        angle = np.append(np.linspace(0.0, 2.0 * np.pi, corners, endpoint=False), 0.0)
        along = self.length * self._reach(angle) * np.cos(angle)
        across = self.width * self._reach(angle) * np.sin(angle)
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return np.column_stack((self.x + cos * along - sin * across, self.y + sin * along + cos * across))

    def _own_axes(self, points: Points) -> tuple[Points, Points]:
        dx, dy = points[:, 0] - self.x, points[:, 1] - self.y
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return (cos * dx + sin * dy) / self.length, (cos * dy - sin * dx) / self.width

    def _reach(self, angle: Points) -> Points:
        pushed = np.ones_like(angle)
        for order, share, phase in self.ripples:
            pushed = pushed + share * np.cos(order * angle + phase)
        return pushed


def blob(
    random: np.random.Generator, x: float, y: float, length: float, width: float, turn: float, rough: float
) -> Blob:
    """A blob with a shore of its own: `rough` from 0 (an ellipse) to about 0.3 (bays and arms)."""
    ripples = tuple(
        (order, rough * float(random.uniform(0.4, 1.0)) / order**0.6, float(random.uniform(0, 2 * np.pi)))
        for order in (2, 3, 5, 7, 11)
    )
    return Blob(x, y, length, width, turn, ripples)


def smooth(corners: Points, step: float, closed: bool = False) -> Points:
    """A smooth line through all corners, a point about every `step` metres; a closed one ends where it began."""
    knots = np.vstack((corners, corners[:1])) if closed else corners
    at = np.append(0.0, np.cumsum(np.hypot(*np.diff(knots, axis=0).T)))
    spline = CubicSpline(at, knots, bc_type="periodic" if closed else "natural")
    points: Points = spline(np.linspace(0.0, at[-1], max(int(at[-1] / step), 2) + 1))
    return points


def ribbon(middle: Points, half_width: Points) -> Points:
    """The closed ring around a line, `half_width` float64[n] metres to either side of each point."""
    ahead = np.gradient(middle, axis=0)
    normal = np.column_stack((-ahead[:, 1], ahead[:, 0])) / np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
    left, right = middle + normal * half_width[:, None], middle - normal * half_width[:, None]
    return np.vstack((left, right[::-1], left[:1]))


def straight(start: tuple[float, float], end: tuple[float, float], step: float) -> Points:
    """A line of points about every `step` metres."""
    count = max(int(np.hypot(end[0] - start[0], end[1] - start[1]) / step), 1) + 1
    return np.column_stack((np.linspace(start[0], end[0], count), np.linspace(start[1], end[1], count)))


def cut(points: Points, keep: Mask, shortest: float) -> list[Points]:
    """The runs of kept points that are at least `shortest` metres long."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], keep, [False])).astype(np.int8)))
    runs = [points[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True) if end - start > 1]
    return [run for run in runs if np.hypot(*np.diff(run, axis=0).T).sum() >= shortest]


def simplify(points: Points, tolerance: float) -> Points:
    """Fewer points, none of those left out further than `tolerance` metres from the line (Douglas and Peucker, 1973)."""
    keep = np.zeros(len(points), dtype=np.bool_)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        start, end = spans.pop()
        if end - start < 2:
            continue
        away = _distance_to_chord(points[start + 1 : end], points[start], points[end])
        furthest = int(np.argmax(away))
        if away[furthest] > tolerance:
            middle = start + 1 + furthest
            keep[middle] = True
            spans += [(start, middle), (middle, end)]
    return points[keep]


def _distance_to_chord(points: Points, start: Points, end: Points) -> Points:
    chord, from_start = end - start, points - start
    length = np.hypot(*chord)
    if length == 0.0:
        away: Points = np.hypot(from_start[:, 0], from_start[:, 1])
        return away
    across: Points = np.abs(chord[0] * from_start[:, 1] - chord[1] * from_start[:, 0]) / length
    return across
