"""GET /v1/transparency/checkpoint: the log's newest signed head, a C2SP checkpoint as plain text."""

from flask import Response

from shared.dossier import log
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.storage.work import Work


@endpoint("GET", "/v1/transparency/checkpoint", roles=PUBLIC)
def get_checkpoint(work: Work) -> Response:
    return Response(log.latest(work), mimetype="text/plain")
