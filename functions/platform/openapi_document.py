"""GET /openapi.json: the OpenAPI 3.1 document of this API."""

from pathlib import Path

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.http.files import file_response
from shared.kernel.deployment import NOTHING

DOCS = Path(__file__).resolve().parents[2] / "docs"


@endpoint("GET", "/openapi.json", roles=PUBLIC, uses=NOTHING)
def openapi_document() -> Response:
    return file_response(DOCS, "openapi.json")
