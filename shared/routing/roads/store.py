"""A road network as one file: an .npz of plain arrays, with a version and checks, and nothing that runs when read."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from shared.routing.roads.network import RoadGraph
from shared.routing.roads.speeds import BUCKETS, KINDS

FORMAT = 1
ARRAYS: dict[str, tuple[str, int]] = {
    "lat": ("f8", 1), "lng": ("f8", 1), "order": ("i4", 1), "tail": ("i4", 1), "head": ("i4", 1), "road": ("i4", 1),
    "backward": ("?", 1), "length_m": ("f8", 1), "seconds": ("f8", 2), "kind": ("u1", 1), "name": ("i4", 1),
    "roundabout": ("?", 1), "first": ("i4", 1), "shape": ("f8", 2), "forbidden": ("i4", 2), "laws": ("f8", 2),
}  # fmt: skip
"""Element type and number of dimensions of each array."""

AGAIN = "Make it anew with `cloudrun job import_roads`."


class UnreadableRoads(ValueError):
    """The file is missing, of another version, or damaged."""


def save_roads(graph: RoadGraph, file: Path) -> int:
    """Write compressed, all at once. Gives the number of bytes."""
    file.parent.mkdir(parents=True, exist_ok=True)
    meta = {"format": FORMAT, "attribution": graph.attribution, "generated": graph.generated, "names": graph.names}
    text = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    arrays: dict[str, Any] = {name: getattr(graph, name) for name in ARRAYS}
    partial = file.with_name(file.name + ".partial")
    with partial.open("wb") as target:
        np.savez_compressed(target, meta=text, **arrays)
    partial.replace(file)
    return file.stat().st_size


def load_roads(file: Path) -> RoadGraph:
    """Raises UnreadableRoads."""
    if not file.is_file():
        raise UnreadableRoads(f"{file} does not exist. {AGAIN}")
    try:
        with file.open("rb") as source, np.load(source, allow_pickle=False) as archive:
            stored = {name: archive[name] for name in archive.files}
        meta = json.loads(stored.pop("meta").tobytes())
        if meta["format"] != FORMAT:
            raise UnreadableRoads(f"{file} has format {meta['format']} of road networks, not {FORMAT}. {AGAIN}")
        graph = RoadGraph(
            **{field.name: stored[field.name] for field in fields(RoadGraph) if field.name in ARRAYS},
            names=tuple(meta["names"]),
            attribution=str(meta["attribution"]),
            generated=bool(meta["generated"]),
        )
    except UnreadableRoads:
        raise
    except Exception as error:  # A damaged archive makes zip, zlib, numpy or json fail each in its own ways.
        raise UnreadableRoads(f"{file} is no road network: {error}. {AGAIN}") from error
    if (flaw := flaw_of(graph)) is not None:
        raise UnreadableRoads(f"{file} is damaged: {flaw}. {AGAIN}")
    return graph


def flaw_of(graph: RoadGraph) -> str | None:
    """What is wrong with a network, in words; None for a sound one."""
    for name, (kind, dimensions) in ARRAYS.items():
        array = getattr(graph, name)
        if array.dtype != np.dtype(kind) or array.ndim != dimensions:
            return f"{name} is {array.dtype}[{array.ndim}]"
    nodes, arcs, roads = len(graph.lat), len(graph.tail), len(graph.kind)
    if min(nodes, arcs, roads) == 0:
        return "it is empty"
    sizes = {
        "lng": nodes, "order": nodes, "head": arcs, "road": arcs, "backward": arcs, "length_m": arcs, "name": roads,
        "roundabout": roads, "first": roads + 1,
    }  # fmt: skip
    for name, size in sizes.items():
        if len(getattr(graph, name)) != size:
            return f"{name} has {len(getattr(graph, name))} rows, not {size}"
    if graph.seconds.shape != (len(BUCKETS), arcs) or graph.shape.shape[1] != 2 or graph.forbidden.shape[1] < 2:
        return "a table has the wrong width"
    if graph.laws.shape not in ((0, 2), (len(BUCKETS), 2)):
        return "the laws of travel have the wrong shape"
    return _flaw_of_values(graph, nodes, arcs, roads)


def _flaw_of_values(graph: RoadGraph, nodes: int, arcs: int, roads: int) -> str | None:
    ranges = {"tail": nodes, "head": nodes, "road": roads, "name": len(graph.names), "kind": len(KINDS)}
    for name, limit in ranges.items():
        array = getattr(graph, name)
        if array.size and (array.min() < 0 or array.max() >= limit):
            return f"{name} points outside"
    turns = graph.forbidden
    if turns.size and (turns.min() < -1 or turns.max() >= arcs or turns[:, :2].min() < 0):
        return "forbidden points outside"
    if not np.array_equal(np.sort(graph.order), np.arange(nodes)):
        return "order is not a permutation of the nodes"
    if graph.first[0] != 0 or graph.first[-1] != len(graph.shape) or np.any(np.diff(graph.first) < 2):
        return "a road has no shape"
    on_earth = np.abs(graph.lat).max() <= 90 and np.abs(graph.lng).max() <= 180
    if not (on_earth and np.isfinite(graph.shape).all() and np.isfinite(graph.laws).all()):
        return "a point is not on Earth"
    if not (np.isfinite(graph.seconds).all() and graph.seconds.min() > 0 and np.isfinite(graph.length_m).all()):
        return "an arc takes no time"
    return None
