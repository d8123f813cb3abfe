"""A network from generated streets, which are drawn as lines that cross without sharing a point.

Streets meet where they cross, or where one ends close to another. Freeways pass over: ramps join them to the big roads they
cross, a little before and after, and to big roads that end beside them; freeways that cross each other are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy.spatial import cKDTree

from shared.kernel.positions import EARTH_RADIUS_M
from shared.routing.protocol import Floats
from shared.routing.roads.assembly import Roads, assemble
from shared.routing.roads.network import Progress, RoadGraph, silent
from shared.routing.roads.noding import PIECE_M, Line, Stops, crossings, pieces_of, places_of, stops_of
from shared.routing.roads.speeds import DEFAULT_KMH
from shared.routing.roads.store import UnreadableRoads
from shared.routing.streets import generate
from shared.routing.streets.geojson import Streets

METRES_PER_DEGREE = np.pi / 180.0 * EARTH_RADIUS_M
RAMP_M = 220.0
"""How far from the crossing a ramp leaves the freeway."""

BESIDE_M = 260.0
"""A big road that ends this close to a freeway has a ramp."""

KIND_OF = {"motorway": "motorway", "primary": "primary", "secondary": "secondary", "residential": "residential"}
BIG = ("primary", "secondary")


def generated_roads(streets: Streets | None = None, progress: Progress = silent) -> RoadGraph:
    """The network of generated streets, by default of the city that maps draw when there is no extract.

    Raises UnreadableRoads when no street of them leads anywhere and back.
    """
    drawn = streets or generate()
    progress("Joining streets", 0, None)
    origin, lines = _lines(drawn)
    if not lines:
        raise UnreadableRoads("There is no street to drive on among the generated ones.")
    stops = stops_of(lines)
    places = places_of(lines, stops)
    roads = Roads()
    for way, (line, where) in enumerate(zip(lines, stops, strict=True)):
        _add(roads, way, line, where, places)
    roads.shape = [_degrees(shape, origin) for shape in roads.shape]
    progress("Ordering the network", 0, None)
    graph = assemble(roads, drawn["attribution"], generated=True)
    if graph is None:
        raise UnreadableRoads("No generated street leads anywhere and back.")
    return graph


def _lines(streets: Streets) -> tuple[Floats, list[Line]]:
    """The plane's origin (lat, lng), and every street on it, with ramps."""
    found: list[tuple[str, str, Floats]] = []
    for feature in streets["features"]:
        kind = KIND_OF.get(feature["properties"]["class"])
        if kind is None:
            continue
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        found += [(kind, feature["properties"]["name"], np.array(part)[:, ::-1]) for part in parts]
    if not found:
        return np.zeros(2), []
    origin: Floats = np.vstack([points for _, _, points in found]).mean(axis=0)
    lines = [Line(kind, name, _halved(_plane(points, origin))) for kind, name, points in found if len(points) > 1]
    return origin, [*lines, *_ramps(lines)]


def _plane(latlng: Floats, origin: Floats) -> Floats:
    scale = METRES_PER_DEGREE * np.array((1.0, np.cos(np.radians(origin[0]))))
    metres: Floats = ((latlng - origin) * scale)[:, ::-1]
    return metres


def _degrees(metres: Floats, origin: Floats) -> Floats:
    scale = METRES_PER_DEGREE * np.array((1.0, np.cos(np.radians(origin[0]))))
    degrees: Floats = metres[:, ::-1] / scale + origin
    return degrees


def _halved(points: Floats) -> Floats:
    """The same line with no segment longer than a piece."""
    length = np.hypot(*np.diff(points, axis=0).T)
    count = np.maximum(np.ceil(length / PIECE_M), 1).astype(np.int64)
    before = np.repeat(np.arange(len(length)), count)
    share = (np.arange(len(before)) - np.repeat(np.cumsum(count) - count, count)) / count[before]
    between = points[before] + share[:, None] * (points[before + 1] - points[before])
    return np.vstack((between, points[-1:]))


def _ramps(lines: list[Line]) -> Iterator[Line]:
    """From points of a freeway before and after each crossing with a big road, and from the ends of big roads beside it."""
    pieces = pieces_of(lines)
    one, other, at, _ = crossings(pieces)
    first = np.append(0, np.cumsum([len(line.points) - 1 for line in lines]))
    away = max(int(RAMP_M / PIECE_M), 1)
    for a, b, share in zip(one, other, at, strict=True):
        crossing = pieces.start[a] + share * (pieces.end[a] - pieces.start[a])
        for over, under in ((a, b), (b, a)):
            freeway = lines[pieces.line[over]]
            if freeway.kind != "motorway" or lines[pieces.line[under]].kind not in BIG:
                continue
            piece = over - first[pieces.line[over]]
            for vertex in (piece - away, piece + 1 + away):
                if 0 <= vertex < len(freeway.points):
                    yield Line("motorway_link", "", np.vstack((freeway.points[vertex], crossing)))
    yield from _ramps_beside(lines)


def _ramps_beside(lines: list[Line]) -> Iterator[Line]:
    freeways = [line.points for line in lines if line.kind == "motorway"]
    if not freeways:
        return
    vertices = np.vstack(freeways)
    tree = cKDTree(vertices)
    for line in lines:
        for end in (line.points[0], line.points[-1]) if line.kind in BIG else ():
            metres, nearest = tree.query(end, distance_upper_bound=BESIDE_M)
            if np.isfinite(metres):
                yield Line("motorway_link", "", np.vstack((vertices[nearest], end)))


def _add(roads: Roads, way: int, line: Line, stops: Stops, places: dict[int, Floats]) -> None:
    """One line as roads between its nodes, their shapes on the plane."""
    at, node = stops
    kmh = float(DEFAULT_KMH[line.kind])
    for start, end in pairwise(range(len(at))):
        ends = int(node[start]), int(node[end])
        inner = line.points[int(at[start]) + 1 : int(np.ceil(at[end]))]
        if ends[0] != ends[1]:
            shape = np.vstack((places[ends[0]], inner, places[ends[1]]))
            roads.add(ends, way, line.kind, line.name, (kmh, kmh), shape)
