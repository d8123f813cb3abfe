"""GET /v1/orders/{order_id}/stream: status, driver position and ETA of an order, as they change."""

from shared.http.declaration import ANY_ROLE, Owner
from shared.http.stream import stream


@stream("GET", "/v1/orders/{order_id}/stream", roles=ANY_ROLE, owner=Owner.ORDER)
def stream_order(order_id: str) -> str:
    return f"order:{order_id}"
