"""Roads of an OpenStreetMap extract (`.osm.pbf`), for driving.

© OpenStreetMap contributors, Open Database Licence 1.0: the attribution goes wherever the map is shown.
Restrictions of one time of day or of other vehicles are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.filter import KeyFilter

from shared.routing.roads.assembly import Roads, assemble
from shared.routing.roads.network import Progress, RoadGraph, silent
from shared.routing.roads.restrictions import Ban
from shared.routing.roads.speeds import directions, drivable, driven_kmh, roundabout
from shared.routing.roads.store import UnreadableRoads

ATTRIBUTION = "© OpenStreetMap contributors"
TOLD_EVERY = 2_000
"""Ways between two words of progress."""

Way = tuple[int, dict[str, str], list[int], list[tuple[float, float]]]
"""id, tags, nodes, and where each node is (lat, lng)."""


def import_roads(file: Path, progress: Progress = silent) -> RoadGraph:
    """The network of an extract. Raises UnreadableRoads when it cannot be read, or no street in it can be driven."""
    if not file.is_file():
        raise UnreadableRoads(f"{file} does not exist. Download an extract in .osm.pbf form and name it here.")
    try:
        ways, signals, bans = _read(file, progress)
    except RuntimeError as error:
        raise UnreadableRoads(f"{file} cannot be read as an OpenStreetMap extract: {error}") from error
    uses = Counter(node for _, _, nodes, _ in ways for node in set(nodes))
    roads = Roads(bans=bans)
    for done, way in enumerate(ways):
        _split(roads, way, uses, signals)
        if done % TOLD_EVERY == 0:
            progress("Joining streets", done, len(ways))
    progress("Ordering the network", 0, None)
    graph = assemble(roads, ATTRIBUTION, generated=False)
    if graph is None:
        raise UnreadableRoads(f"{file} has no street that can be driven.")
    return graph


def _read(file: Path, progress: Progress) -> tuple[list[Way], set[int], list[Ban]]:
    """Drivable ways whose nodes are in the extract, the nodes with traffic lights, and the turn restrictions."""
    ways: list[Way] = []
    signals: set[int] = set()
    bans: list[Ban] = []
    things: Iterable[Any] = (
        osmium.FileProcessor(str(file)).with_locations().with_filter(KeyFilter("highway", "restriction"))
    )
    for thing in things:
        if thing.is_node():
            if thing.tags.get("highway") == "traffic_signals":
                signals.add(thing.id)
        elif thing.is_way():
            tags = {tag.k: tag.v for tag in thing.tags}
            if drivable(tags):
                ways.extend(_whole_parts(thing, tags))
                if len(ways) % TOLD_EVERY == 0:
                    progress("Reading streets", len(ways), None)
        elif thing.is_relation():
            bans.extend(_ban(thing))
    progress("Reading streets", len(ways), len(ways))
    return ways, signals, bans


def _whole_parts(way: Any, tags: dict[str, str]) -> Iterator[Way]:
    """The way, or what is left of it where nodes are outside the extract."""
    nodes: list[int] = []
    points: list[tuple[float, float]] = []
    for node in way.nodes:
        if node.location.valid():
            if not nodes or node.ref != nodes[-1]:
                nodes.append(node.ref)
                points.append((node.lat, node.lon))
            continue
        if len(nodes) > 1:
            yield way.id, tags, nodes, points
        nodes, points = [], []
    if len(nodes) > 1:
        yield way.id, tags, nodes, points


def _ban(relation: Any) -> Iterator[Ban]:
    """A restriction that binds cars, at a node or over ways; `no_entry` and `no_exit` may name many sources or targets."""
    tags = relation.tags
    word = tags.get("restriction", "")
    exempt = {"motorcar", "motor_vehicle"} & set(tags.get("except", "").replace(" ", "").split(";"))
    if tags.get("type") != "restriction" or exempt or not word.startswith(("no_", "only_")):
        return
    members: dict[tuple[str, str], list[int]] = {}
    for member in relation.members:
        members.setdefault((member.role, member.type), []).append(member.ref)
    nodes, over = members.get(("via", "n"), []), members.get(("via", "w"), [])
    if len(nodes) + bool(over) != 1:
        return
    for source in members.get(("from", "w"), ()):
        for target in members.get(("to", "w"), ()):
            yield Ban(source, target, word.startswith("only_"), nodes[0] if nodes else None, frozenset(over))


def _split(roads: Roads, way: Way, uses: Counter[int], signals: set[int]) -> None:
    """A way as roads between the nodes it shares with others; one that comes back to its start is cut in the middle."""
    number, tags, nodes, points = way
    here = Counter(nodes)
    cuts = [at for at in range(1, len(nodes) - 1) if uses[nodes[at]] > 1 or here[nodes[at]] > 1]
    ends = [0, *cuts, len(nodes) - 1]
    loops = [(a + b) // 2 for a, b in pairwise(ends) if nodes[a] == nodes[b] and b - a > 1]
    ends = sorted({*ends, *loops})
    along, against = directions(tags)
    kmh = driven_kmh(tags)
    for a, b in pairwise(ends):
        lights = [node in signals for node in nodes[a : b + 1]]
        roads.add(
            (nodes[a], nodes[b]), number, tags["highway"], tags.get("name") or tags.get("ref", ""),
            (kmh[0] * along, kmh[1] * against), np.array(points[a : b + 1]), (sum(lights[1:]), sum(lights[:-1])),
            roundabout(tags),
        )  # fmt: skip
