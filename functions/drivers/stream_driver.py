"""GET /v1/drivers/{driver_id}/stream: offers, their end, the driver's tasks, and hints where work is expected."""

from shared.http.declaration import Owner
from shared.http.stream import stream
from shared.kernel.roles import Role


@stream("GET", "/v1/drivers/{driver_id}/stream", roles={Role.DRIVER}, owner=Owner.DRIVER)
def stream_driver(driver_id: str) -> str:
    return f"driver:{driver_id}"
