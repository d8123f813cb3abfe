"""GET /v1/orders/{order_id}/delivery: who brings the order, where the driver is, when it will be there."""

from datetime import datetime

from shared.dispatch import stops
from shared.drivers.views import VehicleView
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import BUSY, READS, Resource
from shared.kernel.positions import Position
from shared.kernel.roles import Role
from shared.kernel.wire import PositionModel, View
from shared.orders import delivery, learnt
from shared.orders import service as orders
from shared.orders.views import TimelineEntryView
from shared.storage.work import Work
from shared.wiring.live import live_store


class DeliveryDriverView(View):
    """`position` is null while the driver goes to another customer's door first."""

    first_name: str
    vehicle: VehicleView | None
    position: PositionModel | None


class DeliveryView(View):
    order_id: str
    status: str
    driver: DeliveryDriverView
    progress_percent: int
    eta_at: datetime | None
    timeline: list[TimelineEntryView]


@endpoint(
    "GET",
    "/v1/orders/{order_id}/delivery",
    roles={Role.CUSTOMER, Role.MERCHANT} | OPERATORS,
    owner=Owner.ORDER,
    uses=READS | {Resource.LIVE_READ},
    sizing=BUSY,
)
def get_delivery(order_id: str, work: Work) -> DeliveryView:
    order = orders.read(work, order_id)
    delivery.check_dispatched(order.status)
    driver = work.run(_DRIVER, driver_id=order.row["driver_id"])[0]
    on_the_way = order.status in delivery.ON_THE_WAY
    place = _position(order.row["driver_id"]) if on_the_way else None
    way = stops.way_to(work, order_id) if on_the_way else None
    progress = delivery.progress(
        order.status,
        driver=place,
        way=way.waypoints if way else [],
        whole_m=order.pickup.distance_m(order.dropoff),
        offsets=learnt.at_pickup(work, order.row["region_id"]),
        created_at=order.row["created_at"],
        now=work.now,
    )
    if way and way.other_door_first:
        place = None
    return DeliveryView(
        order_id=order_id,
        status=order.status.value,
        driver=DeliveryDriverView(
            first_name=driver["first_name"],
            vehicle=VehicleView(**driver["vehicle"]) if driver["vehicle"] else None,
            position=PositionModel(lat=place.lat, lng=place.lng) if place else None,
        ),
        progress_percent=progress.percent,
        eta_at=progress.eta_at,
        timeline=order.row["timeline"],
    )


def _position(driver_id: str) -> Position | None:
    known = live_store().get("drivers", driver_id)
    return Position(**known.body["position"]) if known else None


_DRIVER = "SELECT first_name, vehicle FROM drivers WHERE driver_id = :driver_id"
