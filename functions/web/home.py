"""GET /: the way in."""

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint


@endpoint("GET", "/", roles=PUBLIC)
def home() -> Response:
    return Response(status=302, headers={"Location": "/mission/"})
