"""Where drivers are: one statement into Postgres for dispatch, one into the live store for those who watch."""

from dataclasses import dataclass
from datetime import datetime

from shared.drivers import rules
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound
from shared.kernel.positions import Position
from shared.live.protocol import Document, LiveStore, NewChange
from shared.storage.work import Work

COLLECTION = "drivers"


@dataclass(frozen=True, slots=True)
class Sighting:
    """`at` by the device's clock, `heading` in degrees from north."""

    position: Position
    at: datetime
    heading: float


def report(work: Work, live: LiveStore, driver_id: str, sightings: list[Sighting]) -> int:
    """Take a batch; the newest counts, and only when nothing newer is known. Gives how many were not older than what was.

    Raises BadInput for times that cannot be, NotFound.
    """
    for number, sighting in enumerate(sightings):
        rules.check_position_time(sighting.at, work.now, f"body.positions[{number}].at")
    latest = max(sightings, key=lambda sighting: sighting.at)
    row = work.one(
        _REPORT,
        driver_id=driver_id,
        lat=latest.position.lat,
        lng=latest.position.lng,
        heading=latest.heading,
        at=latest.at,
    )
    if row is None:
        raise NotFound.of("driver", driver_id)
    known_at: datetime | None = row["known_at"]
    accepted = sum(known_at is None or sighting.at >= known_at for sighting in sightings)
    work.checkpoint()
    if accepted:
        _tell(live, driver_id, row["region_id"], row["status"], row["order_id"], latest)
    return accepted


def known(work: Work) -> list[Document]:
    """Where every driver was last, as the live store has it."""
    return [
        _document(
            row["driver_id"],
            row["region_id"],
            row["status"],
            Sighting(Position(row["lat"], row["lng"]), row["at"], row["heading"]),
        )
        for row in work.run(_KNOWN)
    ]


def forget(work: Work, live: LiveStore, driver_id: str) -> None:
    """Remove the driver's last place, here and from the live store."""
    work.run(_FORGET, driver_id=driver_id)
    live.forget(COLLECTION, driver_id)


def _tell(live: LiveStore, driver_id: str, region_id: str, status: str, order_id: str | None, latest: Sighting) -> None:
    document = _document(driver_id, region_id, status, latest)
    changes = [NewChange(f"region:{region_id}", "driver_position", document.body, latest.at)]
    if order_id is not None:
        changes.append(NewChange(f"order:{order_id}", "driver_position", document.body, latest.at))
    live.write([document], changes)


def _document(driver_id: str, region_id: str, status: str, latest: Sighting) -> Document:
    body = {
        "driver_id": driver_id,
        "position": {"lat": latest.position.lat, "lng": latest.position.lng},
        "heading": latest.heading,
        "at": rfc3339(latest.at),
        "status": status,
    }
    return Document(COLLECTION, driver_id, region_id, body, latest.at)


_HELD = "t.status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff')"
_IN_ORDER_OF_STOPS = "CASE WHEN status IN ('assigned', 'at_pickup') THEN pickup_seq ELSE dropoff_seq END"
_STATUS = """
    CASE WHEN kind = 'return' THEN 'returning'
         WHEN status = 'assigned' THEN 'to_pickup'
         WHEN status = 'at_pickup' THEN 'at_pickup'
         WHEN status = 'carrying' THEN 'to_dropoff'
         WHEN status = 'at_dropoff' THEN 'at_dropoff'
         WHEN online THEN 'idle' ELSE 'offline' END AS status
"""
_KNOWN = f"""
    SELECT p.driver_id, p.region_id, p.lat, p.lng, p.heading, p.at, {_STATUS}
    FROM driver_positions p JOIN drivers d USING (driver_id) LEFT JOIN LATERAL (
        SELECT t.kind, t.status FROM tasks t JOIN trip_tasks x USING (trip_id, task_id)
        WHERE t.driver_id = p.driver_id AND {_HELD}
        ORDER BY {_IN_ORDER_OF_STOPS} LIMIT 1
    ) next_stop ON true
    ORDER BY p.driver_id
"""

_FORGET = "DELETE FROM driver_positions WHERE driver_id = :driver_id"

# Of a trip's customers only the next one sees where the driver is: the others would learn where that one lives.
_REPORT = f"""
    WITH known AS (
        SELECT d.region_id, d.online, p.at AS known_at FROM drivers d LEFT JOIN driver_positions p USING (driver_id)
        WHERE d.driver_id = :driver_id AND d.closed_at IS NULL
    ), held AS (
        SELECT t.order_id, t.kind, t.status, x.pickup_seq, x.dropoff_seq
        FROM tasks t JOIN trip_tasks x USING (trip_id, task_id)
        WHERE t.driver_id = :driver_id AND {_HELD}
    ), next_stop AS (
        SELECT kind, status FROM held
        ORDER BY {_IN_ORDER_OF_STOPS} LIMIT 1
    ), next_door AS (
        SELECT CASE WHEN kind = 'delivery' THEN order_id END AS order_id FROM held ORDER BY dropoff_seq LIMIT 1
    ), stored AS (
        INSERT INTO driver_positions AS p (driver_id, region_id, lat, lng, heading, at)
        SELECT :driver_id, region_id, :lat, :lng, :heading, :at FROM known
        ON CONFLICT (driver_id) DO UPDATE SET region_id = EXCLUDED.region_id, lat = EXCLUDED.lat, lng = EXCLUDED.lng,
            heading = EXCLUDED.heading, at = EXCLUDED.at WHERE p.at <= EXCLUDED.at
    )
    SELECT region_id, known_at, (SELECT order_id FROM next_door) AS order_id,
           {_STATUS}
    FROM known LEFT JOIN next_stop ON true
"""
