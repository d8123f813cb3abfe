"""A network from generated streets, which are drawn as lines that cross without sharing a point.

Streets meet where they cross, or where one ends close to another. Freeways pass over: ramps join them to the big roads they
cross, a little before and after, and to big roads that end beside them; freeways that cross each other are joined.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from shared.kernel.positions import EARTH_RADIUS_M
from shared.routing.protocol import Floats, Ints
from shared.routing.roads.assembly import Roads, assemble
from shared.routing.roads.network import Progress, RoadGraph, silent
from shared.routing.roads.speeds import DEFAULT_KMH
from shared.routing.roads.store import UnreadableRoads
from shared.routing.streets import generate
from shared.routing.streets.geojson import Streets

METRES_PER_DEGREE = np.pi / 180.0 * EARTH_RADIUS_M
PIECE_M = 120.0
"""Lines are looked at in pieces no longer than this."""

REACH_M = 25.0
"""A street that ends this close to another is taken to meet it."""

RAMP_M = 220.0
"""How far from the crossing a ramp leaves the freeway."""

BESIDE_M = 260.0
"""A big road that ends this close to a freeway has a ramp."""

KIND_OF = {"motorway": "motorway", "primary": "primary", "secondary": "secondary", "residential": "residential"}
BIG = ("primary", "secondary")


@dataclass(frozen=True, slots=True)
class Line:
    """One street. `points` float64[k, 2]: x east, y north in metres of a local plane."""

    kind: str
    name: str
    points: Floats


@dataclass(frozen=True, slots=True)
class Pieces:
    """All lines cut into short segments, line by line: ends float64[s, 2] in metres, and the line of each, int64[s]."""

    start: Floats
    end: Floats
    line: Ints


def generated_roads(streets: Streets | None = None, progress: Progress = silent) -> RoadGraph:
    """The network of generated streets, by default of the city that maps draw when there is no extract.

    Raises UnreadableRoads when no street of them leads anywhere and back.
    """
    drawn = streets or generate()
    progress("Joining streets", 0, None)
    origin, lines = _lines(drawn)
    pieces = _pieces(lines)
    stops = _stops(lines, pieces)
    roads = Roads()
    for way, (line, (at, node)) in enumerate(zip(lines, stops, strict=True)):
        _add(roads, way, line, at, node, origin)
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


def _pieces(lines: list[Line]) -> Pieces:
    if not lines:
        return Pieces(np.empty((0, 2)), np.empty((0, 2)), np.empty(0, dtype=np.int64))
    return Pieces(
        np.vstack([line.points[:-1] for line in lines]),
        np.vstack([line.points[1:] for line in lines]),
        np.repeat(np.arange(len(lines)), [len(line.points) - 1 for line in lines]),
    )


def crossings(pieces: Pieces) -> tuple[Ints, Ints, Floats, Floats]:
    """Pairs of pieces of different lines that cross, and the share of each at which they do."""
    middle = (pieces.start + pieces.end) / 2
    close = cKDTree(middle).query_pairs(PIECE_M + 1.0, output_type="ndarray")
    one, other = close[:, 0], close[:, 1]
    apart = pieces.line[one] != pieces.line[other]
    one, other = one[apart], other[apart]
    along, across = pieces.end[one] - pieces.start[one], pieces.end[other] - pieces.start[other]
    between = pieces.start[other] - pieces.start[one]
    turn = _cross(along, across)
    with np.errstate(divide="ignore", invalid="ignore"):
        at, other_at = _cross(between, across) / turn, _cross(between, along) / turn
    meet = (turn != 0) & (at >= 0) & (at <= 1) & (other_at >= 0) & (other_at <= 1)
    return one[meet], other[meet], at[meet], other_at[meet]


def _cross(one: Floats, other: Floats) -> Floats:
    area: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return area


def _ramps(lines: list[Line]) -> Iterator[Line]:
    """From points of a freeway before and after each crossing with a big road, and from the ends of big roads beside it."""
    pieces = _pieces(lines)
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


def _stops(lines: list[Line], pieces: Pieces) -> list[tuple[Floats, Ints]]:
    """Where each line has a node: ascending positions (vertex number and share of the piece after it), and the node."""
    first = np.append(0, np.cumsum([len(line.points) - 1 for line in lines]))
    one, other, at, other_at = crossings(pieces)
    over = _passes_over(lines, pieces, one, other)
    one, other, at, other_at = one[~over], other[~over], at[~over], other_at[~over]
    meeting = len(lines) * 2 + np.arange(len(one))
    end_piece, end_at, end_node = _meeting_ends(lines, pieces)
    at_piece = np.concatenate((one, other, end_piece))
    position = at_piece - first[pieces.line[at_piece]] + np.concatenate((at, other_at, end_at))
    node = np.concatenate((meeting, meeting, end_node))
    line = pieces.line[at_piece]
    ends = np.arange(len(lines))
    line = np.concatenate((line, ends, ends))
    position = np.concatenate((position, np.zeros(len(lines)), [len(each.points) - 1.0 for each in lines]))
    node = np.concatenate((node, 2 * ends, 2 * ends + 1))
    order = np.lexsort((position, line))
    edges = np.searchsorted(line[order], np.arange(1, len(lines)))
    return list(zip(np.split(position[order], edges), np.split(node[order], edges), strict=True))


def _passes_over(lines: list[Line], pieces: Pieces, one: Ints, other: Ints) -> Ints:
    """bool: crossings of a freeway with what is neither a freeway nor a ramp."""
    freeway = np.array([line.kind == "motorway" for line in lines])
    fast = np.array([line.kind in ("motorway", "motorway_link") for line in lines])
    a, b = pieces.line[one], pieces.line[other]
    over: Ints = (freeway[a] & ~fast[b]) | (freeway[b] & ~fast[a])
    return over


def _meeting_ends(lines: list[Line], pieces: Pieces) -> tuple[Ints, Floats, Ints]:
    """Ends of lines that are close to a piece of another line: that piece, the share of it, and the end's node."""
    ends = np.vstack([points for line in lines for points in (line.points[:1], line.points[-1:])])
    freeway = np.array([line.kind == "motorway" for line in lines])
    ramp = np.array([line.kind == "motorway_link" for line in lines])
    tree = cKDTree((pieces.start + pieces.end) / 2)
    found: list[tuple[int, float, int]] = []
    for end, near in enumerate(tree.query_ball_point(ends, PIECE_M / 2 + REACH_M)):
        own = end // 2
        piece = np.array(near, dtype=np.int64)
        piece = piece[(pieces.line[piece] != own) & (~freeway[pieces.line[piece]] | freeway[own] | ramp[own])]
        if len(piece) == 0:
            continue
        along = pieces.end[piece] - pieces.start[piece]
        squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-9)
        share = np.clip(np.einsum("ij,ij->i", ends[end] - pieces.start[piece], along) / squared, 0.0, 1.0)
        metres = np.hypot(*(pieces.start[piece] + share[:, None] * along - ends[end]).T)
        _, nearest = np.unique(pieces.line[piece[np.argsort(metres)]], return_index=True)
        for at in np.argsort(metres)[nearest]:
            if metres[at] <= REACH_M:
                found.append((int(piece[at]), float(share[at]), end))
    piece_of, share_of, node_of = zip(*found, strict=True) if found else ((), (), ())
    return np.array(piece_of, dtype=np.int64), np.array(share_of, dtype=np.float64), np.array(node_of, dtype=np.int64)


def _add(roads: Roads, way: int, line: Line, at: Floats, node: Ints, origin: Floats) -> None:
    """One line as roads between its nodes."""
    kmh = float(DEFAULT_KMH[line.kind])
    whole = np.floor(at).astype(np.int64)
    after = np.minimum(whole + 1, len(line.points) - 1)
    places = line.points[whole] + (at - whole)[:, None] * (line.points[after] - line.points[whole])
    for start, end in zip(range(len(at) - 1), range(1, len(at)), strict=True):
        inner = line.points[whole[start] + 1 : int(np.ceil(at[end]))]
        shape = np.vstack((places[start : start + 1], inner, places[end : end + 1]))
        if node[start] != node[end]:
            roads.add((int(node[start]), int(node[end])), way, line.kind, line.name, (kmh, kmh), _degrees(shape, origin))
