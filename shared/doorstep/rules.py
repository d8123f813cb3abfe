"""How a check at the door may be made, and what stands out among many. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.kernel.errors import Conflict, TooManyRequests


class Method(StrEnum):
    SCAN = "scan"
    MANUAL = "manual"
    MOBILE_LICENCE = "mobile_licence"
    """A licence on the recipient's telephone (ISO/IEC 18013-5), read by the driver's."""


GRADES = {Method.MOBILE_LICENCE: "issuer_signed", Method.SCAN: "parsed", Method.MANUAL: "attested"}
"""Strongest first. A barcode proves nothing about authenticity, so it is only parsed; what was typed is the driver's word. The
likeness of the photo is the driver's word in each."""

SCANS_BEFORE_MANUAL = 3
MANUAL_CHECKS = 5
MANUAL_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came before a check: scans of this order that read nothing, and the driver's checks by hand within the window."""

    failed_scans: int
    manual_checks: int
    first_manual_at: datetime | None


class ManualNotOffered(Conflict):
    """`scans_left` says how many more scans come first."""

    code, title = "manual_check_not_offered", "Scan the document first"


class ManualChecksUsedUp(TooManyRequests):
    code, title = "manual_checks_used_up", "Too many checks by hand"


def scans_left(failed_scans: int) -> int:
    """How many scans must still fail before a check by hand is offered."""
    return max(0, SCANS_BEFORE_MANUAL - failed_scans)


def check_method(method: Method, earlier: Earlier, now: datetime) -> None:
    """By hand is the weaker way, so it comes last and seldom. Raises ManualNotOffered, ManualChecksUsedUp."""
    if method != Method.MANUAL:
        return
    left = scans_left(earlier.failed_scans)
    if left:
        raise ManualNotOffered(
            f"Scan the back of the document {left} more times; after that it may be checked by hand.", scans_left=left
        )
    if earlier.manual_checks >= MANUAL_CHECKS and earlier.first_manual_at is not None:
        wait_s = max(1, int((earlier.first_manual_at + MANUAL_WINDOW - now).total_seconds()))
        raise ManualChecksUsedUp(
            f"{MANUAL_CHECKS} documents were checked by hand within a day. Scan this one, call support, or refuse with the "
            "reason document_unreadable and take the goods back.",
            retry_after_s=wait_s,
        )


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a driver's checks stand out. `fast_s` seconds since arrival, `far_m` metres from the door."""

    fast_s: int = 10
    far_m: int = 200
    manual_share: float = 0.3
    enough_checks: int = 5
    repeated: int = 3


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Record:
    """A driver's passed checks over a time, and how the decoys among the orders fared."""

    passed: int
    manual: int
    fast: int
    far: int
    decoys_handed_over: int

    @property
    def manual_share(self) -> float:
        return self.manual / self.passed if self.passed else 0.0


def anomalies(record: Record, limits: Limits = LIMITS) -> Sequence[str]:
    """Codes of what an operator should look into. None of them is proof of anything."""
    found = {
        "handed_over_to_a_decoy": record.decoys_handed_over > 0,
        "many_manual_checks": record.passed >= limits.enough_checks and record.manual_share > limits.manual_share,
        "implausibly_fast_checks": record.fast >= limits.repeated,
        "checks_far_from_the_door": record.far >= limits.repeated,
    }
    return [code for code, stands_out in found.items() if stands_out]
