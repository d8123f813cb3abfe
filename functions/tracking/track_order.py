"""GET /v1/track/{tracking_id}: an order's way, for whoever has its 8-digit number; no personal data."""

from datetime import datetime

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.errors import NotFound
from shared.kernel.wire import View
from shared.orders.views import TimelineEntryView
from shared.storage.work import Work

_NEWEST = """
    SELECT status, store_name, promised_from, promised_until, delivered_at, timeline FROM orders
    WHERE tracking_id = :tracking_id ORDER BY order_id DESC LIMIT 1
"""
"""Numbers come round again after a hundred million orders: the newest one counts."""


class TrackingView(View):
    tracking_id: str
    status: str
    store_name: str
    promised_from: datetime
    promised_until: datetime
    delivered_at: datetime | None
    timeline: list[TimelineEntryView]


@endpoint("GET", "/v1/track/{tracking_id}", roles=PUBLIC)
def track_order(tracking_id: str, work: Work) -> TrackingView:
    row = work.one(_NEWEST, tracking_id=tracking_id)
    if row is None:
        raise NotFound("There is no order with this tracking number. It has eight digits.")
    return TrackingView(tracking_id=tracking_id, **row)
