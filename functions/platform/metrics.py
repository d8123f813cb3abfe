"""GET /metrics: what waits and how much happened, in Prometheus' text format."""

from flask import Response

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.operations.metrics import prometheus, read
from shared.storage.work import Work


@endpoint("GET", "/metrics", roles=INTERNAL)
def metrics(work: Work) -> Response:
    return Response(prometheus(read(work)), mimetype="text/plain; version=0.0.4")
