"""GET /docs/{asset:path}: the API reference to try things in (Swagger UI, served from here)."""

from pathlib import Path

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.files import file_response
from shared.kernel.deployment import NOTHING

REFERENCE = Path(__file__).resolve().parents[1] / "web" / "reference"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'"
)


@endpoint("GET", "/docs/{asset:path}", roles=PUBLIC, uses=NOTHING)
def swagger_ui(asset: str) -> Response:
    if asset in ("", "swagger.js", "reference.css"):
        return file_response(REFERENCE, asset or "swagger.html", policy=POLICY)
    return file_response(REFERENCE / "node_modules" / "swagger-ui-dist", asset, policy=POLICY)
