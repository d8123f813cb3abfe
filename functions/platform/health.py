"""GET /health: this process answers."""

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import NOTHING
from shared.kernel.wire import View


class HealthView(View):
    status: str


@endpoint("GET", "/health", roles=PUBLIC, uses=NOTHING)
def health() -> HealthView:
    return HealthView(status="ok")
