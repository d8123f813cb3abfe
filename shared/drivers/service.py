"""Drivers in the database: profile and documents."""

import json
from datetime import date
from typing import Any

from shared.drivers.rules import DocumentKind, DocumentStatus
from shared.kernel.errors import BadInput, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work


def save_profile(work: Work, driver_id: str, first_name: str, region_id: str, vehicle: dict[str, Any]) -> Row:
    """Make or change a profile. Raises BadInput for a region that is not served."""
    if work.one(_REGION, region_id=region_id) is None:
        raise BadInput.field("body.region_id", "is not a region we serve")
    return work.run(
        _SAVE,
        driver_id=driver_id,
        first_name=first_name,
        region_id=region_id,
        vehicle=json.dumps(vehicle),
        now=work.now,
    )[0]


def read(work: Work, driver_id: str) -> Row:
    """Raises NotFound, also when the account has no profile yet."""
    row = work.one(_READ, driver_id=driver_id)
    if row is None:
        raise NotFound(f"There is no driver {driver_id} yet. Send a profile with POST /v1/drivers first.")
    return row


def change_vehicle(work: Work, driver_id: str, vehicle: dict[str, Any]) -> Row:
    read(work, driver_id)
    return work.run(_VEHICLE, driver_id=driver_id, vehicle=json.dumps(vehicle), now=work.now)[0]


def file_document(
    work: Work, driver_id: str, kind: DocumentKind, vendor_token: str, issuer: str, expires_on: date | None
) -> Row:
    read(work, driver_id)
    return work.run(
        _FILE,
        document_id=work.new_id("doc"),
        driver_id=driver_id,
        kind=kind.value,
        vendor_token=vendor_token,
        issuer=issuer,
        expires_on=expires_on,
        now=work.now,
    )[0]


def documents(work: Work, driver_id: str) -> list[Row]:
    """The newest of each kind."""
    read(work, driver_id)
    return work.run(_DOCUMENTS, driver_id=driver_id)


def review_document(work: Work, driver_id: str, document_id: str, status: DocumentStatus) -> Row:
    """Raises NotFound."""
    rows = work.run(_REVIEW, driver_id=driver_id, document_id=document_id, status=status.value, now=work.now)
    if not rows:
        raise NotFound.of("document", document_id)
    work.run(_DOCUMENTS_UNTIL, driver_id=driver_id)
    return rows[0]


_REGION = "SELECT region_id FROM regions WHERE region_id = :region_id"
_READ = "SELECT * FROM drivers WHERE driver_id = :driver_id"
_SAVE = """
    INSERT INTO drivers (driver_id, first_name, region_id, vehicle, created_at, updated_at)
    VALUES (:driver_id, :first_name, :region_id, :vehicle, :now, :now)
    ON CONFLICT (driver_id) DO UPDATE SET first_name = EXCLUDED.first_name, region_id = EXCLUDED.region_id,
        vehicle = EXCLUDED.vehicle, updated_at = EXCLUDED.updated_at
    RETURNING *
"""
_VEHICLE = "UPDATE drivers SET vehicle = :vehicle, updated_at = :now WHERE driver_id = :driver_id RETURNING *"
_FILE = """
    INSERT INTO driver_documents
        (document_id, driver_id, kind, vendor_token, issuer, status, expires_on, created_at, updated_at)
    VALUES (:document_id, :driver_id, :kind, :vendor_token, :issuer, 'submitted', :expires_on, :now, :now)
    RETURNING *
"""
_DOCUMENTS = """
    SELECT DISTINCT ON (kind) * FROM driver_documents WHERE driver_id = :driver_id ORDER BY kind, document_id DESC
"""
_REVIEW = """
    UPDATE driver_documents SET status = :status, updated_at = :now
    WHERE driver_id = :driver_id AND document_id = :document_id
    RETURNING *
"""
_DOCUMENTS_UNTIL = """
    UPDATE drivers SET documents_until = (
        SELECT min(expires_on) FROM (
            SELECT DISTINCT ON (kind) expires_on FROM driver_documents
            WHERE driver_id = :driver_id AND status = 'verified' ORDER BY kind, document_id DESC
        ) AS newest
    ) WHERE driver_id = :driver_id
"""
