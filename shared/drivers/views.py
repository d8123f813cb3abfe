"""A driver as callers see it."""

from datetime import datetime

from shared.kernel.wire import View
from shared.storage.connection import Row


class VehicleView(View):
    kind: str
    make: str | None = None
    plate: str | None = None


class DriverView(View):
    id: str
    first_name: str
    region_id: str
    online: bool
    vehicle: VehicleView | None
    rating: float
    status: str
    created_at: datetime


def driver(row: Row) -> DriverView:
    return DriverView(
        id=row["driver_id"],
        first_name=row["first_name"],
        region_id=row["region_id"],
        online=row["online"],
        vehicle=VehicleView(**row["vehicle"]) if row["vehicle"] else None,
        rating=round(row["rating"], 2),
        status="online" if row["online"] else "offline",
        created_at=row["created_at"],
    )
