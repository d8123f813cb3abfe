"""A region's zones as operators see them, and what hints to idle drivers came to."""

from datetime import datetime, timedelta

from shared.kernel.errors import NotFound
from shared.kernel.ids import first_id
from shared.kernel.wire import PositionModel, View
from shared.orders.surge import SurgeTerms
from shared.storage.connection import Row
from shared.storage.work import Work

WINDOW = timedelta(hours=24)


class ZoneView(View):
    """`outline` is a closed ring; `demand` orders expected within half an hour, `waiting` tasks without a
    driver, `supply` drivers who are there or soon will be."""

    cell: str
    centre: PositionModel
    outline: list[PositionModel]
    demand: float
    waiting: int
    supply: int
    surge_bps: int


class SurgeTermsView(View):
    """`cap_bps` is what holds now: the limit, or 10,000 while a disaster is declared."""

    limit_bps: int
    driver_share_bps: int
    disaster_declared: bool
    cap_bps: int


class HintFigures(View):
    """Hints of the last 24 hours. The waits are mean seconds from the hint to the driver's next offer."""

    sent: int
    followed: int
    not_followed: int
    wait_followed_s: float | None
    wait_not_followed_s: float | None


class ZonesView(View):
    """`at` is the minute of the figures; None before the first one."""

    region_id: str
    at: datetime | None
    surge: SurgeTermsView
    hints: HintFigures
    zones: list[ZoneView]


def zones(work: Work, region_id: str) -> ZonesView:
    """Raises NotFound."""
    region = work.one("SELECT settings FROM regions WHERE region_id = :region_id", region_id=region_id)
    if region is None:
        raise NotFound.of("region", region_id)
    terms = SurgeTerms.of(region["settings"])
    rows = work.run(_ZONES, region_id=region_id)
    since = work.now - WINDOW
    return ZonesView(
        region_id=region_id,
        at=rows[0]["at"] if rows else None,
        surge=surge_terms(terms),
        hints=HintFigures(**work.run(_HINTS, region_id=region_id, since=since, first=first_id("ofr", since))[0]),
        zones=[_zone(row, terms) for row in rows],
    )


def surge_terms(terms: SurgeTerms) -> SurgeTermsView:
    return SurgeTermsView(
        limit_bps=terms.limit_bps,
        driver_share_bps=terms.driver_share_bps,
        disaster_declared=terms.disaster_declared,
        cap_bps=terms.cap_bps,
    )


def _zone(row: Row, terms: SurgeTerms) -> ZoneView:
    return ZoneView(
        cell=row["cell"],
        centre=PositionModel(lat=row["lat"], lng=row["lng"]),
        outline=[PositionModel(lat=lat, lng=lng) for lng, lat in row["outline"]],
        demand=row["demand"],
        waiting=round(row["waiting"]),
        supply=round(row["supply"]),
        surge_bps=terms.charged_bps(row["surge_bps"]),
    )


_ZONES = "SELECT * FROM zones WHERE region_id = :region_id ORDER BY cell"
_HINTS = """
    SELECT count(*) AS sent,
           count(*) FILTER (WHERE arrived) AS followed,
           count(*) FILTER (WHERE NOT arrived) AS not_followed,
           CAST(avg(wait_s) FILTER (WHERE arrived) AS float8) AS wait_followed_s,
           CAST(avg(wait_s) FILTER (WHERE NOT arrived) AS float8) AS wait_not_followed_s
    FROM (
        SELECT h.hint_id, h.arrived, extract(epoch FROM min(o.offered_at) - h.at) AS wait_s
        FROM reposition_hints h
            LEFT JOIN offers o ON o.driver_id = h.driver_id AND o.offered_at >= h.at AND o.offer_id >= :first
        WHERE h.region_id = :region_id AND h.at >= :since
        GROUP BY h.hint_id
    ) AS hint
"""
