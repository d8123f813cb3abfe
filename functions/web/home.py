"""GET /: the way in."""

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import NOTHING


@endpoint("GET", "/", roles=PUBLIC, uses=NOTHING)
def home() -> Response:
    return Response(status=302, headers={"Location": "/mission/"})
