"""What a tick reads of the zones: where they are and what is expected from them, in one statement."""

from dataclasses import dataclass
from datetime import timedelta

from shared.dispatch.engine.columns import Floats
from shared.dispatch.packed import Columns, packed
from shared.dispatch.zones.cells import Zoning
from shared.storage.connection import Row, Statement
from shared.storage.work import Work

FRESH = timedelta(minutes=5)
"""Older figures say nothing: a tick then knows no zones."""


@dataclass(frozen=True, slots=True, eq=False)
class Zones:
    """`demand`, float64[zones]: orders expected within the coming half hour."""

    zoning: Zoning
    demand: Floats


def statement(work: Work, region_id: str) -> Statement:
    """Its one row tells `known` of the region's zones as of its last minute."""
    return _ZONES, {"region_id": region_id, "fresh_after": work.now - FRESH}


def known(row: Row) -> Zones:
    """None, when the last minute was long ago."""
    table = Columns(row)
    zoning = Zoning(table.ids, table.floats("lat"), table.floats("lng"), table.floats("radius_m"))
    return Zones(zoning, table.floats("demand"))


_ZONES = f"""
    SELECT string_agg(cell, ',') AS ids, {packed("lat", "lng", "radius_m", "demand")}
    FROM (SELECT * FROM zones WHERE region_id = :region_id AND at > :fresh_after ORDER BY cell) AS zone
"""
