"""GET /v1/merchants/{merchant_id}/stream: the status of the merchant's orders, as it changes."""

from shared.http.declaration import Owner
from shared.http.stream import stream
from shared.kernel.roles import Role


@stream("GET", "/v1/merchants/{merchant_id}/stream", roles={Role.MERCHANT}, owner=Owner.MERCHANT)
def stream_merchant(merchant_id: str) -> str:
    return f"merchant:{merchant_id}"
