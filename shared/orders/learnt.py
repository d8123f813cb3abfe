"""What was learnt of times, as it is read where a time is foretold: parts of the statements that read all else there.

They speak of a store `s`, its region `r` and the moment `:now`; hours are those of the region's clock.
"""

from shared.orders.eta import Offsets
from shared.storage.work import Work

_HOUR = "CAST(extract(hour FROM CAST(:now AS timestamptz) AT TIME ZONE r.timezone) AS integer)"


def _offsets(moment: str) -> str:
    return f"""(SELECT m.offsets -> '{moment}' -> {_HOUR} FROM eta_models m
            WHERE m.region_id = r.region_id AND m.promoted ORDER BY m.trained_at DESC LIMIT 1)"""


PREPARATION = f"preparation_times p ON p.store_id = s.store_id AND p.hour = {_HOUR}"

OFFSETS = _offsets("order")

WAITING = """(SELECT count(*) FROM tasks t
            WHERE t.region_id = r.region_id AND t.status = 'open' AND t.open_from <= :now)"""

FREE = """coalesce((SELECT k.drivers - k.offers FROM ticks k
            WHERE k.region_id = r.region_id AND k.at > CAST(:now AS timestamptz) - interval '10 minutes'
            ORDER BY k.tick_id DESC LIMIT 1), 0)"""
"""Drivers whom the latest tick left free, none when there has been no tick for a while. Counting them anew would cost a request
more than it could gain."""


def at_pickup(work: Work, region_id: str) -> Offsets | None:
    """The offsets of ways that begin now; None while nothing was learnt."""
    row = work.one(_AT_PICKUP, region_id=region_id, now=work.now)
    offsets: Offsets | None = row["offsets"] if row else None
    return offsets


_AT_PICKUP = f"SELECT {_offsets('pickup')} AS offsets FROM regions r WHERE r.region_id = :region_id"
