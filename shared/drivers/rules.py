"""Who may drive, and which positions count. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.kernel.errors import BadInput, Conflict


class DocumentKind(StrEnum):
    LICENCE = "licence"
    INSURANCE = "insurance"
    REGISTRATION = "registration"
    BACKGROUND_CHECK = "background_check"
    DRIVING_RECORD = "driving_record"
    PHOTO = "photo"


class DocumentStatus(StrEnum):
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    VERIFIED = "verified"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REJECTED = "rejected"
    REVOKED = "revoked"
    MISSING = "missing"


EXPIRING_WITHIN = timedelta(days=30)
LARGEST_LEAD = timedelta(seconds=60)
"""A device's clock may be this far ahead of ours."""

OLDEST_POSITION = timedelta(hours=1)


class DocumentsMissing(Conflict):
    """`missing` lists every document that stands in the way, with its present status."""

    code, title = "documents_missing", "Documents stand in the way"


class CarryingGoods(Conflict):
    code, title = "carrying_goods", "There is a task in hand"


@dataclass(frozen=True, slots=True)
class Document:
    kind: DocumentKind
    status: DocumentStatus
    expires_on: date | None


def effective_status(status: DocumentStatus, expires_on: date | None, today: date) -> DocumentStatus:
    """What a verified document is worth today."""
    if status != DocumentStatus.VERIFIED or expires_on is None:
        return status
    if expires_on < today:
        return DocumentStatus.EXPIRED
    return DocumentStatus.EXPIRING if expires_on - today <= EXPIRING_WITHIN else status


def check_documents(documents: Iterable[Document], today: date) -> None:
    """All six kinds, verified and in force. Raises DocumentsMissing."""
    latest = {document.kind: document for document in documents}
    missing = []
    for kind in DocumentKind:
        document = latest.get(kind)
        status = effective_status(document.status, document.expires_on, today) if document else DocumentStatus.MISSING
        if status not in (DocumentStatus.VERIFIED, DocumentStatus.EXPIRING):
            missing.append({"kind": kind.value, "status": status.value})
    if missing:
        named = ", ".join(f"{entry['kind']} ({entry['status']})" for entry in missing)
        raise DocumentsMissing(
            f"File what is missing with POST …/documents and wait for its review: {named}.", missing=missing
        )


def check_position_time(at: datetime, now: datetime, field: str) -> None:
    """Raises BadInput for a time without zone, in the future or too old."""
    if at.tzinfo is None:
        raise BadInput.field(field, "needs a UTC offset, like 2026-11-20T18:03:05Z")
    if at > now + LARGEST_LEAD:
        raise BadInput.field(field, "lies in the future: set the device's clock")
    if at < now - OLDEST_POSITION:
        raise BadInput.field(field, "is more than an hour old")
