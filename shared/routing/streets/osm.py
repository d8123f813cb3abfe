"""Streets, water and parks of an OpenStreetMap extract (`.osm.pbf`), for drawing.

© OpenStreetMap contributors, Open Database Licence 1.0: the attribution goes wherever the map is shown.
Tags after https://wiki.openstreetmap.org/wiki/Key:highway.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from osmium.filter import KeyFilter

from shared.routing.streets.geojson import Kind, Points, Streets, area, line
from shared.routing.streets.plane import simplify

ATTRIBUTION = "© OpenStreetMap contributors"

HIGHWAYS: dict[str, Kind] = {
    "motorway": "motorway", "motorway_link": "motorway", "trunk": "motorway", "trunk_link": "motorway",
    "primary": "primary", "primary_link": "primary",
    "secondary": "secondary", "secondary_link": "secondary", "tertiary": "secondary", "tertiary_link": "secondary",
    "residential": "residential", "unclassified": "residential", "living_street": "residential", "service": "residential",
}  # fmt: skip
ORDER: tuple[Kind, ...] = ("park", "water", "residential", "secondary", "primary", "motorway")
"""What is drawn later lies on top."""

TOLERANCE_DEG = 2e-5
"""Points closer than this to the line without them are left out: two metres."""


class UnreadableExtract(ValueError):
    """The file is missing, is no OpenStreetMap extract, or has no street in it."""


def import_osm(file: Path) -> Streets:
    """Raises UnreadableExtract."""
    if not file.is_file():
        raise UnreadableExtract(f"{file} does not exist. Download an extract in .osm.pbf form and name it here.")
    features: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in ORDER}
    try:
        ways: Iterable[Any] = (
            osmium.FileProcessor(str(file)).with_locations().with_filter(KeyFilter("highway", "natural", "leisure"))
        )
        for way in ways:
            if way.is_way() and (drawn := _drawn(way)) is not None:
                features[drawn["properties"]["class"]].append(drawn)
    except RuntimeError as error:
        raise UnreadableExtract(f"{file} cannot be read as an OpenStreetMap extract: {error}") from error
    if not any(features[kind] for kind in ORDER[2:]):
        raise UnreadableExtract(f"{file} has no street in it.")
    ordered = [feature for kind in ORDER for feature in features[kind]]
    return {"type": "FeatureCollection", "generated": False, "attribution": ATTRIBUTION, "features": ordered}


def _drawn(way: Any) -> dict[str, Any] | None:
    """A way as a feature; None for what is not drawn, or has nodes outside the extract."""
    tags = way.tags
    kind, closed = HIGHWAYS.get(tags.get("highway", "")), False
    if kind is None:
        kind, closed = _ground(tags), True
    if kind is None or not all(node.location.valid() for node in way.nodes):
        return None
    lnglat: Points = np.array([(node.lon, node.lat) for node in way.nodes])
    if len(lnglat) < 2 or (closed and (len(lnglat) < 4 or not way.is_closed())):
        return None
    name = tags.get("name", "")
    if closed:
        return area(kind, name, [lnglat])
    return line(kind, name, simplify(lnglat, TOLERANCE_DEG))


def _ground(tags: Any) -> Kind | None:
    if tags.get("natural") == "water":
        return "water"
    return "park" if tags.get("leisure") in ("park", "garden", "golf_course") else None
