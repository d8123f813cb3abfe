"""GET /v1/admin/stream: every driver's position and every order's status in a region, as they change."""

from shared.http.declaration import OPERATORS
from shared.http.stream import stream
from shared.operations.fields import RegionQuery


@stream("GET", "/v1/admin/stream", roles=OPERATORS)
def stream_region(query: RegionQuery) -> str:
    return f"region:{query.region_id}"
