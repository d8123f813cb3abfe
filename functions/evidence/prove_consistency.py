"""GET /v1/transparency/proof/consistency: that the log was only ever appended to, RFC 6962 section 2.1.2."""

from pydantic import Field

from shared.dossier import log
from shared.dossier.checkpoint import encode
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.wire import Query, View
from shared.storage.work import Work


class ConsistencyQuery(Query):
    first: int = Field(ge=0, le=2**62)
    second: int = Field(ge=1, le=2**62)


class ConsistencyView(View):
    first: int
    second: int
    proof: list[str]


@endpoint("GET", "/v1/transparency/proof/consistency", roles=PUBLIC)
def prove_consistency(query: ConsistencyQuery, work: Work) -> ConsistencyView:
    proof = log.consistency(work, query.first, query.second)
    return ConsistencyView(first=query.first, second=query.second, proof=[encode(node) for node in proof])
