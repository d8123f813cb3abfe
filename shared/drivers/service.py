"""Drivers in the database: their profiles."""

import json
from typing import Any

from shared.kernel.errors import BadInput, NotFound
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault


def save_profile(work: Work, driver_id: str, first_name: str, region_id: str, vehicle: dict[str, Any]) -> Row:
    """Make or change a profile. Raises BadInput for a region that is not served, Unauthenticated for a closed account."""
    vault.check_open(work, driver_id)
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


_REGION = "SELECT region_id FROM regions WHERE region_id = :region_id"
_READ = "SELECT * FROM drivers WHERE driver_id = :driver_id AND closed_at IS NULL"
_SAVE = """
    INSERT INTO drivers (driver_id, first_name, region_id, vehicle, documents_until, created_at, updated_at)
    VALUES (:driver_id, :first_name, :region_id, :vehicle, CAST(:now AS date) - 1, :now, :now)
    ON CONFLICT (driver_id) DO UPDATE SET first_name = EXCLUDED.first_name, region_id = EXCLUDED.region_id,
        vehicle = EXCLUDED.vehicle, updated_at = EXCLUDED.updated_at
    RETURNING *
"""
_VEHICLE = "UPDATE drivers SET vehicle = :vehicle, updated_at = :now WHERE driver_id = :driver_id RETURNING *"
