"""Small networks and extracts to test with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import strategies as st

from shared.routing.protocol import Floats
from shared.routing.roads import RoadGraph
from shared.routing.roads.assembly import Roads, assemble
from shared.routing.roads.osm import import_roads
from shared.routing.roads.restrictions import Ban

EXTRACTS = Path(__file__).parents[4] / "shared" / "data" / "osm"
CITIES = ("portland", "columbus", "baltimore")
HUNDRED_M = 100.0 / 111_195.0
"""Degrees of latitude, and on the equator of longitude."""


@cache
def city(name: str) -> RoadGraph:
    """The network of a real extract, © OpenStreetMap contributors."""
    file = EXTRACTS / f"{name}.osm.pbf"
    if not file.is_file():
        pytest.skip(f"the extract {file.name} is not here")
    return import_roads(file)


def scattered(graph: RoadGraph, count: int, seed: int, off_deg: float = 3e-4) -> Floats:
    """Random points close to roads."""
    random = np.random.default_rng(seed)
    points: Floats = graph.shape[random.integers(0, len(graph.shape), count)] + random.normal(0, off_deg, (count, 2))
    return points


@dataclass
class Extract:
    """An .osm file to be written: nodes on a grid of a hundred metres on the equator, ways and relations."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    tags_of: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[int, list[int], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[dict[str, str], list[tuple[str, int, str]]]] = field(default_factory=list)

    def node(self, number: int, row: float, column: float, **tags: str) -> Extract:
        self.nodes[number] = (row * HUNDRED_M, column * HUNDRED_M)
        self.tags_of[number] = tags
        return self

    def way(self, number: int, nodes: Iterable[int], highway: str = "residential", **tags: str) -> Extract:
        spelled = {key.replace("__", ":"): value for key, value in tags.items()}
        self.ways.append((number, list(nodes), {"highway": highway, **spelled}))
        return self

    def restriction(self, word: str, source: int, via: int, target: int, via_kind: str = "n", **tags: str) -> Extract:
        """`via_kind`: "n" for a node, "w" for a way."""
        members = [("w", source, "from"), (via_kind, via, "via"), ("w", target, "to")]
        self.relations.append(({"type": "restriction", "restriction": word, **tags}, members))
        return self

    def write(self, file: Path) -> Path:
        writer = osmium.SimpleWriter(str(file), overwrite=True)
        for number, (lat, lng) in sorted(self.nodes.items()):
            writer.add_node(osmium.osm.mutable.Node(id=number, location=(lng, lat), tags=self.tags_of[number]))
        for number, nodes, tags in sorted(self.ways, key=lambda way: way[0]):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags))
        for number, (tags, members) in enumerate(self.relations, start=1):
            writer.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=tags))
        writer.close()
        return file


def crossroads() -> Extract:
    """Main Street west to east (1, 2, 3) and Oak Street south to north (4, 2, 5), joined at 2, and a block to come back
    by: 3 and 5, and 4 and 1, are joined by Back Street and South Street.

         5 ──╮
         │   6
     1 ─ 2 ─ 3
     7   │
     ╰── 4
    """
    places = {1: (0, -1), 2: (0, 0), 3: (0, 1), 4: (-1, 0), 5: (1, 0), 6: (1, 1), 7: (-1, -1)}
    extract = Extract()
    for number, (row, column) in places.items():
        extract.node(number, row, column)
    extract.way(10, (1, 2), name="Main Street").way(11, (2, 3), name="Main Street")
    extract.way(20, (4, 2), name="Oak Street").way(21, (2, 5), name="Oak Street")
    return extract.way(30, (5, 6, 3), name="Back Street").way(31, (4, 7, 1), name="South Street")


def at(row: float, column: float) -> tuple[float, float]:
    """(lat, lng) of a place on the grid of extracts."""
    return row * HUNDRED_M, column * HUNDRED_M


def grid(size: int, seed: int = 0, closed: float = 0.0, bans: int = 0) -> RoadGraph:
    """A grid of size² junctions, a hundred metres apart, at random speeds; some ways closed one way, some turns banned."""
    random = np.random.default_rng(seed)
    roads = Roads()
    number = np.arange(size * size).reshape(size, size)
    for one, other in [*zip(number[:, :-1].flat, number[:, 1:].flat), *zip(number[:-1].flat, number[1:].flat)]:  # noqa: B905
        shape = np.array([divmod(int(node), size) for node in (one, other)]) * HUNDRED_M
        kmh = random.uniform(10, 90, 2) * (random.random(2) >= closed)
        way = len(roads.way)
        roads.add((int(one), int(other)), way, "residential", f"Street {way % 7}", (kmh[0], kmh[1]), shape)
    for _ in range(bans):
        roads.bans.append(_ban(roads, random))
    graph = assemble(roads, "made for a test", generated=True)
    assert graph is not None
    return graph


def _ban(roads: Roads, random: np.random.Generator) -> Ban:
    """A random restriction at a node, or over one way or two."""
    ways = [int(random.integers(len(roads.way)))]
    node = roads.end[ways[0]]
    via = node
    for _ in range(int(random.integers(1, 4))):
        near = [way for way in range(len(roads.way)) if node in (roads.start[way], roads.end[way])]
        ways.append(int(random.choice(near)))
        node = roads.start[ways[-1]] + roads.end[ways[-1]] - node
    only = bool(random.random() < 0.2)
    if len(ways) == 2:
        return Ban(ways[0], ways[1], only, node=via)
    return Ban(ways[0], ways[-1], only, over=frozenset(ways[1:-1]))


@st.composite
def grids(draw: st.DrawFn, bans: int = 0) -> RoadGraph:
    return grid(
        draw(st.integers(3, 7)),
        draw(st.integers(0, 10_000)),
        draw(st.sampled_from((0.0, 0.1, 0.3))),
        bans and draw(st.integers(0, bans)),
    )
