"""The state of a region: its orders, drivers and stores, for a map."""

from datetime import datetime

from shared.kernel.wire import PositionModel, View
from shared.storage.connection import Row
from shared.storage.work import Work


class OrderSummaryView(View):
    id: str
    status: str
    store_id: str
    store_name: str
    pickup: PositionModel
    dropoff: PositionModel
    driver_id: str | None
    restricted: bool
    created_at: datetime
    promised_until: datetime
    total_minor: int
    currency: str
    stuck_reason: str | None


class DriverOnMapView(View):
    id: str
    name: str
    status: str
    position: PositionModel
    position_at: datetime
    task_id: str | None
    vehicle: str | None


class StoreOnMapView(View):
    id: str
    name: str
    position: PositionModel
    open: bool


class StatisticsView(View):
    open_orders: int
    online_drivers: int
    busy_drivers: int
    by_status: dict[str, int]


class StateView(View):
    now: datetime
    statistics: StatisticsView
    orders: list[OrderSummaryView]
    drivers: list[DriverOnMapView]
    stores: list[StoreOnMapView]


def state(work: Work, region_id: str, *, include_completed: bool, limit: int) -> StateView:
    """Orders newest first, at most `limit`; the statistics count them all."""
    orders = work.run(_ORDERS, region_id=region_id, include_completed=include_completed, limit=limit)
    drivers = work.run(_DRIVERS, region_id=region_id, now=work.now)
    stores = work.run(_STORES, region_id=region_id)
    by_status = {row["status"]: row["orders"] for row in work.run(_BY_STATUS, region_id=region_id)}
    return StateView(
        now=work.now,
        statistics=StatisticsView(
            open_orders=sum(count for status, count in by_status.items() if status not in OVER),
            online_drivers=len(drivers),
            busy_drivers=sum(row["task_id"] is not None for row in drivers),
            by_status=by_status,
        ),
        orders=[order_summary(row) for row in orders],
        drivers=[_driver(row) for row in drivers],
        stores=[
            StoreOnMapView(
                id=row["store_id"], name=row["name"], position=_place(row, ""), open=row["open"] and row["approved"]
            )
            for row in stores
        ],
    )


def order_summary(row: Row) -> OrderSummaryView:
    return OrderSummaryView(
        id=row["order_id"],
        status=row["status"],
        store_id=row["store_id"],
        store_name=row["store_name"],
        pickup=_place(row, "pickup_"),
        dropoff=_place(row, "dropoff_"),
        driver_id=row["driver_id"],
        restricted=row["restricted"],
        created_at=row["created_at"],
        promised_until=row["promised_until"],
        total_minor=row["total_minor"],
        currency=row["currency"],
        stuck_reason=row["stuck_reason"],
    )


def _driver(row: Row) -> DriverOnMapView:
    return DriverOnMapView(
        id=row["driver_id"],
        name=row["first_name"],
        status=row["status"],
        position=_place(row, ""),
        position_at=row["at"],
        task_id=row["task_id"],
        vehicle=row["vehicle"].get("kind"),
    )


def _place(row: Row, prefix: str) -> PositionModel:
    return PositionModel(lat=row[f"{prefix}lat"], lng=row[f"{prefix}lng"])


OVER = ("age_failed", "delivered", "merchant_rejected", "cancelled", "returned")

_OVER_SQL = ", ".join(f"'{status}'" for status in OVER)

_ORDERS = f"""
    SELECT * FROM orders
    WHERE region_id = :region_id AND (CAST(:include_completed AS boolean) OR status NOT IN ({_OVER_SQL}))
    ORDER BY order_id DESC LIMIT :limit
"""
_BY_STATUS = "SELECT status, count(*) AS orders FROM orders WHERE region_id = :region_id GROUP BY status"
_DRIVERS = """
    SELECT d.driver_id, d.first_name, d.vehicle, p.lat, p.lng, p.at, t.task_id,
           CASE WHEN t.kind = 'return' THEN 'returning'
                WHEN t.status = 'assigned' THEN 'to_pickup'
                WHEN t.status = 'at_pickup' THEN 'at_pickup'
                WHEN t.status = 'carrying' THEN 'to_dropoff'
                WHEN t.status = 'at_dropoff' THEN 'at_dropoff'
                WHEN EXISTS (SELECT FROM offers o WHERE o.driver_id = d.driver_id AND o.status = 'offered'
                             AND o.expires_at > :now) THEN 'offered'
                ELSE 'idle' END AS status
    FROM drivers d
    JOIN driver_positions p USING (driver_id)
    LEFT JOIN LATERAL (
        SELECT h.task_id, h.kind, h.status FROM tasks h JOIN trip_tasks x USING (trip_id, task_id)
        WHERE h.driver_id = d.driver_id AND h.status IN ('assigned', 'at_pickup', 'carrying', 'at_dropoff')
        ORDER BY CASE WHEN h.status IN ('assigned', 'at_pickup') THEN x.pickup_seq ELSE x.dropoff_seq END LIMIT 1
    ) AS t ON true
    WHERE d.region_id = :region_id AND d.online
    ORDER BY d.driver_id
"""
_STORES = """
    SELECT s.store_id, s.name, s.lat, s.lng, s.open, m.status = 'approved' AS approved
    FROM stores s JOIN merchants m USING (merchant_id) WHERE s.region_id = :region_id ORDER BY s.store_id
"""
