"""Streets as GeoJSON (RFC 7946), small: rounded to five digits, which is about a metre."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypedDict

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""float64[n, 2]; on the plane (x east, y north) in metres, in GeoJSON (lng, lat) in degrees."""

Kind = Literal["motorway", "primary", "secondary", "residential", "water", "park"]

DIGITS = 5


class Streets(TypedDict):
    """A FeatureCollection. `generated`: no real place looks like this. `attribution`: to be shown wherever it is drawn."""

    type: Literal["FeatureCollection"]
    generated: bool
    attribution: str
    features: list[dict[str, Any]]


def line(kind: Kind, name: str, lnglat: Points) -> dict[str, Any]:
    return _feature(kind, name, "LineString", rounded(lnglat))


def lines(kind: Kind, name: str, parts: Iterable[Points]) -> dict[str, Any]:
    """Many lines as one feature: a neighbourhood's streets need no more than one set of properties."""
    return _feature(kind, name, "MultiLineString", [rounded(part) for part in parts])


def area(kind: Kind, name: str, rings: Iterable[Points]) -> dict[str, Any]:
    """A polygon: the outer ring, then its holes, each closed."""
    return _feature(kind, name, "Polygon", [rounded(ring) for ring in rings])


def rounded(lnglat: Points) -> list[list[float]]:
    pairs: list[list[float]] = np.round(lnglat, DIGITS).tolist()
    return pairs


def write_streets(streets: Streets, target: Path) -> int:
    """Write compressed, all at once. Gives the number of bytes. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(gzip.compress(json.dumps(streets, separators=(",", ":")).encode(), mtime=0))
    partial.replace(target)
    return target.stat().st_size


def _feature(kind: Kind, name: str, geometry: str, coordinates: list[Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"class": kind, "name": name},
        "geometry": {"type": geometry, "coordinates": coordinates},
    }
