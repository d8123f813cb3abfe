"""GET /map/streets.geojson: the streets that maps draw: an imported extract, or a generated network that says so; compressed."""

import os
from pathlib import Path

from flask import Response

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import Resource
from shared.kernel.errors import NotFound
from shared.kernel.wire import Query


class StreetsQuery(Query):
    region_id: str | None = None


@endpoint("GET", "/map/streets.geojson", roles=PUBLIC, uses={Resource.MAPS_READ})
def street_map(query: StreetsQuery) -> Response:
    file = Path(os.environ.get("STREETS_FILE", ".cloudrun/streets.geojson.gz"))
    if not file.is_file():
        raise NotFound("There are no streets yet. Run `cloudrun job import_roads`, with an .osm.pbf file or without.")
    headers = {"Cache-Control": "public, max-age=3600", "Content-Encoding": "gzip"}
    return Response(file.read_bytes(), mimetype="application/geo+json", headers=headers)
