"""What a way's tags say of driving it: open to whom, which way, how fast at which time of day.

Tags after https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing. Default speeds, the share of a limit that is driven,
the access words and the delay of a traffic light are those of OSRM's car profile (BSD-2, `profiles/car.lua`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time

KINDS = (
    "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
    "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
)  # fmt: skip
DEFAULT_KMH = dict(zip(KINDS, (90, 45, 85, 40, 65, 30, 55, 25, 40, 20, 25, 25, 10, 15), strict=True))
"""Driven speed where no limit is tagged."""

LIMIT_DRIVEN = 0.8
"""Driven speed as a share of the limit."""

SIGNAL_S = 2.0
"""Mean delay of a traffic light, seconds."""

BUCKETS = ("night", "day", "peak")
SLOWER: dict[str, tuple[float, float, float]] = {
    "motorway": (1.0, 1.10, 1.45), "trunk": (1.0, 1.10, 1.40), "primary": (1.0, 1.12, 1.35),
    "secondary": (1.0, 1.10, 1.25), "tertiary": (1.0, 1.08, 1.20), "local": (1.0, 1.05, 1.10),
}  # fmt: skip
"""Times of night, day and peak over free flow: assumptions of ours, to be replaced by what drivers' positions show."""

DAY_FROM, DAY_TO = time(6, 30), time(21, 0)
PEAKS = ((time(7, 0), time(9, 0)), (time(16, 0), time(18, 30)))

CLOSED = {"no", "private", "agricultural", "forestry", "emergency", "psv", "bus", "military"}
VEHICLES = ("motorcar", "motor_vehicle", "vehicle", "access")
"""The first of these keys that a way has decides."""

SPEED = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph|knots)?\s*$")
KMH = {"mph": 1.609344, "knots": 1.852}
WORDS_KMH = {"walk": 7.0, "none": 140.0}
SLOWEST_KMH, FASTEST_KMH = 5.0, 140.0


def bucket_at(local: time) -> int:
    """The row of `seconds` that holds at a local time of day."""
    if any(start <= local < end for start, end in PEAKS):
        return BUCKETS.index("peak")
    return BUCKETS.index("day" if DAY_FROM <= local < DAY_TO else "night")


def slower(kind: str) -> tuple[float, float, float]:
    """Times of each bucket over free flow on a kind of road."""
    return SLOWER.get(kind.removesuffix("_link"), SLOWER["local"])


def drivable(tags: Mapping[str, str]) -> bool:
    """Whether a car that delivers may use the way. `destination`, `customers` and `permissive` are open to it."""
    if tags.get("highway") not in DEFAULT_KMH or tags.get("area") == "yes":
        return False
    access = next((tags[key] for key in VEHICLES if key in tags), "yes")
    return access not in CLOSED and tags.get("oneway") not in ("reversible", "alternating")


def directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    """Whether the way may be driven along its nodes, and against them."""
    oneway = tags.get("oneway")
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway in ("yes", "true", "1"):
        return True, False
    implied = oneway is None and (roundabout(tags) or tags.get("highway") == "motorway")
    return True, not implied


def roundabout(tags: Mapping[str, str]) -> bool:
    return tags.get("junction") in ("roundabout", "circular")


def driven_kmh(tags: Mapping[str, str]) -> tuple[float, float]:
    """Free-flow speed along and against the way's nodes."""
    default = float(DEFAULT_KMH[tags["highway"]])
    both = limit_kmh(tags.get("maxspeed", ""))
    speeds = []
    for direction in ("forward", "backward"):
        limit = limit_kmh(tags.get(f"maxspeed:{direction}", "")) or both
        speeds.append(min(max(limit * LIMIT_DRIVEN, SLOWEST_KMH), FASTEST_KMH) if limit else default)
    return speeds[0], speeds[1]


def limit_kmh(text: str) -> float | None:
    """A tagged limit: "25 mph", "50", "50 km/h"; of several ("35 mph;25 mph") the first. None where it names no speed."""
    first = text.split(";")[0].strip().lower()
    if first in WORDS_KMH:
        return WORDS_KMH[first]
    found = SPEED.match(first)
    limit = float(found[1]) * KMH.get(found[2] or "", 1.0) if found else 0.0
    return limit if limit > 0 else None
