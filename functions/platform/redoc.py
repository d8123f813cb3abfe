"""GET /redoc/{asset:path}: the API reference to read (ReDoc, served from here)."""

from pathlib import Path

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.files import file_response
from shared.kernel.deployment import NOTHING

REFERENCE = Path(__file__).resolve().parents[1] / "web" / "reference"
POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'"
)


@endpoint("GET", "/redoc/{asset:path}", roles=PUBLIC, uses=NOTHING)
def redoc(asset: str) -> Response:
    if asset in ("", "redoc.js", "reference.css"):
        return file_response(REFERENCE, asset or "redoc.html", policy=POLICY)
    return file_response(REFERENCE / "node_modules" / "redoc" / "bundles", asset, policy=POLICY)
