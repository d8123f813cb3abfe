"""Where streets that are drawn as lines meet: the nodes of a network that nobody has noded yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from shared.routing.protocol import Floats, Ints

PIECE_M = 120.0
"""Lines are looked at in pieces no longer than this."""

REACH_M = 25.0
"""A street that ends this close to another is taken to meet it."""

ONE_PLACE_M = 6.0
"""Nodes of one level closer than this are one."""

SURFACE, FREEWAY, RAMP = 0, 1, 2


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


Stops = tuple[Floats, Ints]
"""Ascending positions on a line (number of a vertex, and share of the piece after it), and the node at each."""


def pieces_of(lines: list[Line]) -> Pieces:
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


def stops_of(lines: list[Line]) -> list[Stops]:
    """Where each line has a node, and which."""
    pieces = pieces_of(lines)
    first = np.append(0, np.cumsum([len(line.points) - 1 for line in lines]))
    level = levels_of(lines)
    one, other, at, other_at = crossings(pieces)
    joined = (level[pieces.line[one]] == level[pieces.line[other]]) & (level[pieces.line[one]] != RAMP)
    one, other, at, other_at = one[joined], other[joined], at[joined], other_at[joined]
    meeting = len(lines) * 2 + np.arange(len(one))
    end_piece, end_at, end_node = _meeting_ends(lines, pieces, level)
    at_piece = np.concatenate((one, other, end_piece))
    position = at_piece - first[pieces.line[at_piece]] + np.concatenate((at, other_at, end_at))
    node = np.concatenate((meeting, meeting, end_node))
    ends = np.arange(len(lines))
    line = np.concatenate((pieces.line[at_piece], ends, ends))
    position = np.concatenate((position, np.zeros(len(lines)), [len(each.points) - 1.0 for each in lines]))
    node = _merged(lines, line, position, np.concatenate((node, 2 * ends, 2 * ends + 1)))
    order = np.lexsort((position, line))
    edges = np.searchsorted(line[order], np.arange(1, len(lines)))
    return list(zip(np.split(position[order], edges), np.split(node[order], edges), strict=True))


def levels_of(lines: list[Line]) -> Ints:
    """int64 per line: only lines of one level meet, and ramps lead from one to the other."""
    levels = {"motorway": FREEWAY, "motorway_link": RAMP}
    return np.array([levels.get(line.kind, SURFACE) for line in lines], dtype=np.int64)


def _meeting_ends(lines: list[Line], pieces: Pieces, level: Ints) -> tuple[Ints, Floats, Ints]:
    """Ends of lines close to a piece of another line: the nearest such piece, the share of it, and the end's node.

    A ramp starts on a freeway and ends on the surface.
    """
    ends = np.vstack([points for line in lines for points in (line.points[:1], line.points[-1:])])
    wanted = np.repeat(level, 2)
    wanted[0::2][level == RAMP], wanted[1::2][level == RAMP] = FREEWAY, SURFACE
    tree = cKDTree((pieces.start + pieces.end) / 2)
    found: list[tuple[int, float, int]] = []
    for end, near in enumerate(tree.query_ball_point(ends, PIECE_M / 2 + REACH_M)):
        piece = np.array(near, dtype=np.int64)
        piece = piece[(pieces.line[piece] != end // 2) & (level[pieces.line[piece]] == wanted[end])]
        if len(piece) == 0:
            continue
        along = pieces.end[piece] - pieces.start[piece]
        squared = np.maximum(np.einsum("ij,ij->i", along, along), 1e-9)
        share = np.clip(np.einsum("ij,ij->i", ends[end] - pieces.start[piece], along) / squared, 0.0, 1.0)
        metres = np.hypot(*(pieces.start[piece] + share[:, None] * along - ends[end]).T)
        nearest = int(np.argmin(metres))
        if metres[nearest] <= REACH_M:
            found.append((int(piece[nearest]), float(share[nearest]), end))
    columns = np.array(found, dtype=np.float64).reshape(-1, 3)
    return columns[:, 0].astype(np.int64), columns[:, 1], columns[:, 2].astype(np.int64)


def _merged(lines: list[Line], line: Ints, position: Floats, node: Ints) -> Ints:
    """The nodes of stops, those of one level that are close by each other taken as one: the least of them."""
    fast = levels_of(lines)[line]
    ramp_start = (fast == RAMP) & (position == 0.0)
    above = np.where((fast == FREEWAY) | ramp_start, 1.0, 0.0)
    spots = np.column_stack((_spots(lines, line, position), above * 1_000.0))
    close = cKDTree(spots).query_pairs(ONE_PLACE_M, output_type="ndarray")
    one, other = np.append(node[close[:, 0]], node), np.append(node[close[:, 1]], node)
    size = int(node.max()) + 1
    _, group = connected_components(coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(size, size)))
    least = np.full(size, size)
    np.minimum.at(least, group, np.arange(size))
    merged: Ints = least[group[node]]
    return merged


def _spots(lines: list[Line], line: Ints, position: Floats) -> Floats:
    """float64[k, 2]: the points of positions on lines."""
    first = np.append(0, np.cumsum([len(each.points) for each in lines]))
    points = np.vstack([each.points for each in lines])
    whole = np.floor(position).astype(np.int64)
    at = first[line] + whole
    after = np.minimum(at + 1, first[line + 1] - 1)
    spots: Floats = points[at] + (position - whole)[:, None] * (points[after] - points[at])
    return spots


def places_of(lines: list[Line], stops: list[Stops]) -> dict[int, Floats]:
    """Where each node is. An end that meets another line is on that line."""
    places: dict[int, Floats] = {}
    for number, (line, (at, node)) in enumerate(zip(lines, stops, strict=True)):
        spots = _spots([line], np.zeros(len(at), dtype=np.int64), at)
        for one, spot in zip(node.tolist(), spots, strict=True):
            if one not in (2 * number, 2 * number + 1):
                places[one] = spot
            else:
                places.setdefault(one, spot)
    return places
