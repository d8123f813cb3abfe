"""Permits and documents as their holder and their reviewer see them, as they stand today."""

from datetime import date, datetime

from shared.compliance.credentials import PermitKind, Standing, standing_on
from shared.kernel.wire import View
from shared.storage.connection import Row


class PermitView(View):
    """`store_id` is the place of business it is for, null when it covers all of the merchant's stores; `checked_at` is when
    it was verified."""

    id: str
    kind: PermitKind
    number: str
    status: Standing
    review_reason: str | None
    expires_on: date
    store_id: str | None
    checked_at: datetime | None
    created_at: datetime


class DocumentView(View):
    """`attested` is what the review found beyond the document's being genuine."""

    id: str
    kind: str
    issuer: str
    status: Standing
    review_reason: str | None
    attested: list[str]
    expires_on: date | None
    created_at: datetime


def permit(row: Row, today: date) -> PermitView:
    plain = {name: row[name] for name in PermitView.model_fields if name in row and name != "status"}
    return PermitView(id=row["permit_id"], status=_standing(row, today), **plain)


def document(row: Row, today: date) -> DocumentView:
    plain = {name: row[name] for name in DocumentView.model_fields if name in row and name != "status"}
    return DocumentView(id=row["document_id"], status=_standing(row, today), **plain)


def _standing(row: Row, today: date) -> Standing:
    return standing_on(Standing(row["status"]), row["expires_on"], today)
