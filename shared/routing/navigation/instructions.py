"""What to do at each junction of a trip, in a sentence."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from shared.kernel.positions import EARTH_RADIUS_M
from shared.routing.haversine import heading
from shared.routing.navigation.trip import Pass, Trip, line_of, metres_of, seconds_of
from shared.routing.protocol import Floats, Step
from shared.routing.roads.network import RoadGraph
from shared.routing.roads.speeds import KINDS

STRAIGHT_DEG, SLIGHT_DEG, SHARP_DEG, BACK_DEG = 20.0, 45.0, 120.0, 165.0
"""From which angle on a turn is slight, plain, sharp, a U-turn."""

DIRECTION_M = 8.0
"""How far from a junction a road shows where it goes."""

METRES_PER_DEGREE = math.pi / 180.0 * EARTH_RADIUS_M
LINKS = frozenset(number for number, kind in enumerate(KINDS) if kind.endswith("_link"))
FAST = frozenset(KINDS.index(kind) for kind in ("motorway", "trunk"))


def steps_of(graph: RoadGraph, seconds: Floats, trip: Trip, arrival: str) -> list[Step]:
    """The steps of a trip, its last one the arrival of no length. `seconds` float64[a]."""
    lines = [line_of(graph, part) for part in trip]
    told = [(0, _departure(graph, trip[0], lines[0]))]
    for at in range(1, len(trip)):
        sentence = _junction(graph, trip, lines, at)
        if sentence is not None:
            told.append((at, sentence))
    steps = []
    for (at, sentence), until in zip(told, [*(at for at, _ in told[1:]), len(trip)], strict=True):
        parts = trip[at:until]
        metres = sum(metres_of(graph, part) for part in parts)
        spent = sum(seconds_of(seconds, part) for part in parts)
        steps.append(Step(sentence, _point(lines[at], 0), metres, spent))
    return [*steps, Step(arrival, _point(lines[-1], -1), 0.0, 0.0)]


def _departure(graph: RoadGraph, part: Pass, line: Floats) -> str:
    street = graph.street(part.arc)
    points = line if _long(line) else graph.path_points(part.arc)
    return f"Head {heading(_point(points, 0), _point(points, -1))}" + (f" on {street}" if street else "")


def _junction(graph: RoadGraph, trip: Trip, lines: list[Floats], at: int) -> str | None:
    """What to do where the part `at` begins; None where one just drives on."""
    before, after = trip[at - 1].arc, trip[at].arc
    street, round_before = graph.street(after), bool(graph.roundabout[graph.road[before]])
    if graph.roundabout[graph.road[after]]:
        return None if round_before else _roundabout(graph, trip, at)
    if round_before:
        return None
    turn = turn_deg(graph.path_points(before), graph.path_points(after))
    link, was_link = int(graph.kind[graph.road[after]]) in LINKS, int(graph.kind[graph.road[before]]) in LINKS
    if link and not was_link:
        return "Take the ramp" + _side(turn)
    if was_link and int(graph.kind[graph.road[after]]) in FAST:
        return "Merge" + (f" onto {street}" if street else "")
    same = street == graph.street(before)
    if same and (abs(turn) < SLIGHT_DEG or _no_choice(graph, before)):
        return None
    if not street and abs(turn) < STRAIGHT_DEG:
        return None
    return turned(turn, street, same)


def _roundabout(graph: RoadGraph, trip: Trip, at: int) -> str:
    """Which exit to take: every node of the roundabout from which another road leads away is one."""
    exits, street = 0, ""
    for part, following in pairwise(trip[at:]):
        away = graph.out_of(int(graph.head[part.arc]))
        exits += bool(np.any(~graph.roundabout[graph.road[away]] & (away != graph.reverse[part.arc])))
        if not graph.roundabout[graph.road[following.arc]]:
            street = graph.street(following.arc)
            return f"At the roundabout, take the {_ordinal(max(exits, 1))} exit" + (f" onto {street}" if street else "")
    return "Enter the roundabout"


def _no_choice(graph: RoadGraph, arc: int) -> bool:
    """Whether only one way leads on from an arc, that of its bend."""
    onward = graph.out_of(int(graph.head[arc]))
    return int(np.count_nonzero(onward != graph.reverse[arc])) == 1


def turned(turn: float, street: str, same: bool = False) -> str:
    """The sentence for a turn of that many degrees, clockwise positive, onto a street of that name."""
    size = abs(turn)
    side = "right" if turn > 0 else "left"
    if size >= BACK_DEG:
        words = "Make a U-turn"
    elif size >= SHARP_DEG:
        words = f"Turn sharply {side}"
    elif size >= SLIGHT_DEG:
        words = f"Turn {side}"
    elif size >= STRAIGHT_DEG:
        words = f"Turn slightly {side}"
    else:
        words = "Continue"
    return words + (f" {'to stay on' if same else 'onto'} {street}" if street else "")


def turn_deg(before: Floats, after: Floats) -> float:
    """Degrees from the end of one line to the start of the next, clockwise, from -180 to 180."""
    return (_direction_deg(after) - _direction_deg(before[::-1])) % 360.0 - 180.0


def _direction_deg(line: Floats) -> float:
    """The bearing from the start of a line to its first point that is far enough away, else to its last."""
    (lat, lng), *onward = line.tolist()
    shrink = math.cos(math.radians(lat))
    north = east = 0.0
    for point in onward:
        north, east = METRES_PER_DEGREE * (point[0] - lat), METRES_PER_DEGREE * (point[1] - lng) * shrink
        if abs(north) + abs(east) >= DIRECTION_M:
            break
    return math.degrees(math.atan2(east, north))


def _side(turn: float) -> str:
    if abs(turn) < STRAIGHT_DEG / 2:
        return ""
    return " on the right" if turn > 0 else " on the left"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
    return f"{number}{ending}"


def _point(line: Floats, at: int) -> tuple[float, float]:
    return float(line[at, 0]), float(line[at, 1])


def _long(line: Floats) -> bool:
    return bool(np.any(line[0] != line[-1]))
