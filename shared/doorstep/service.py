"""A check at the door: only what follows from the document is kept, never anything that was read from it."""

from dataclasses import dataclass
from datetime import datetime

from shared.compliance.facts import DoorstepFacts
from shared.doorstep import rules
from shared.doorstep.rules import Earlier, Method
from shared.kernel.positions import Position
from shared.kernel.roles import Actor
from shared.orders import rules as order_rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.orders.states import Status
from shared.storage.connection import Row
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Checked:
    """`scans_left` is how many scans must still fail before a check by hand is offered."""

    order: Order
    passed: bool
    reasons: list[str]
    grade: str
    scans_left: int


def submit(
    work: Work, order_id: str, driver_id: str, method: Method, facts: DoorstepFacts, signature_sha256: str | None
) -> Checked:
    """Raises NotPossibleNow, ManualNotOffered, ManualChecksUsedUp."""
    order = orders.load(work, order_id)
    if method == Method.MANUAL:
        work.run(_ONE_AT_A_TIME, driver_id=driver_id)
    before = _before(work, order_id, driver_id)
    earlier = Earlier(before["failed_scans"], before["manual_checks"], before["first_manual_at"])
    grade = rules.GRADES[method]
    evidence = {
        "method": method.value,
        "grade": grade,
        "signature_sha256": signature_sha256,
        "at_door_s": _at_door_s(order, work.now),
        "distance_m": _distance_m(order, before),
    }
    decision = order_rules.check_doorstep(order.facts, order.policy, facts, evidence)
    rules.check_method(method, earlier, work.now)
    order = orders.apply(work, order, decision, Actor("driver", driver_id))
    passed, reasons = decision.target == Status.DOORSTEP_PASSED, decision.data.get("reasons", [])
    work.run_later(
        _REMEMBER, check_id=work.new_id("dck"), order_id=order_id, driver_id=driver_id, method=method.value, passed=passed,
        document_read=facts.document_read, at_door_s=evidence["at_door_s"], distance_m=evidence["distance_m"], now=work.now,
    )  # fmt: skip
    unread = method == Method.SCAN and not facts.document_read
    return Checked(order, passed, reasons, grade, rules.scans_left(earlier.failed_scans + unread))


def _before(work: Work, order_id: str, driver_id: str) -> Row:
    since = work.now - rules.MANUAL_WINDOW
    return work.run(_BEFORE, order_id=order_id, driver_id=driver_id, since=since)[0]


def _at_door_s(order: Order, now: datetime) -> int | None:
    """Seconds since the driver came to the door; None before that."""
    arrivals = [entry["at"] for entry in order.row["timeline"] if entry["status"] == Status.ARRIVED]
    return int((now - datetime.fromisoformat(arrivals[-1])).total_seconds()) if arrivals else None


def _distance_m(order: Order, before: Row) -> int | None:
    """Metres from the driver's last reported place to the customer's door; the place itself is nobody's evidence."""
    if before["lat"] is None:
        return None
    return round(Position(before["lat"], before["lng"]).distance_m(order.dropoff))


_ONE_AT_A_TIME = "SELECT 1 FROM drivers WHERE driver_id = :driver_id FOR UPDATE"
"""Two checks of one driver in the same moment would each not see the other's."""

_BEFORE = """
    SELECT p.lat, p.lng,
           (SELECT count(*) FROM doorstep_checks
            WHERE order_id = :order_id AND method = 'scan' AND NOT document_read) AS failed_scans,
           m.manual_checks, m.first_manual_at
    FROM (SELECT count(*) AS manual_checks, min(at) AS first_manual_at FROM doorstep_checks
          WHERE driver_id = :driver_id AND method = 'manual' AND at > :since) AS m
    LEFT JOIN driver_positions p ON p.driver_id = :driver_id
"""
_REMEMBER = """
    INSERT INTO doorstep_checks (check_id, order_id, driver_id, method, passed, document_read, at_door_s, distance_m, at)
    VALUES (:check_id, :order_id, :driver_id, :method, :passed, :document_read, :at_door_s, :distance_m, :now)
"""
