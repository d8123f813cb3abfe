"""GET /mission/{asset:path}: mission control, the operators' web app."""

from pathlib import Path

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.files import IMMUTABLE, REVALIDATE, file_response
from shared.kernel.deployment import NOTHING

APP = Path(__file__).parent / "mission" / "dist"


@endpoint("GET", "/mission/{asset:path}", roles=PUBLIC, uses=NOTHING)
def mission_app(asset: str) -> Response:
    """Built assets carry a hash in their name and never change; the page itself is asked for anew each time."""
    cache = IMMUTABLE if asset.startswith("assets/") else REVALIDATE
    return file_response(APP, asset or "index.html", cache=cache)
