"""GET /v1/transparency/tile/{tile:path}: 256 hashes of the log's tree, as c2sp.org/tlog-tiles has it; it never changes."""

from flask import Response

from shared.dossier import log, tiles
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.errors import NotFound
from shared.storage.work import Work


@endpoint("GET", "/v1/transparency/tile/{tile:path}", roles=PUBLIC)
def get_tile(tile: str, work: Work) -> Response:
    wanted = tiles.parse(tile)
    if wanted is None:
        raise NotFound("A tile's path is its level and its number, such as 0/x001/067 or, while it grows, 0/000.p/8.")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(log.tile(work, wanted), mimetype="application/octet-stream", headers=headers)
