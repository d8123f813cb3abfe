"""GET /v1/transparency/proof/inclusion: that an entry is in the log, RFC 6962 section 2.1.1."""

from pydantic import Field

from shared.dossier import log
from shared.dossier.checkpoint import encode
from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.wire import Query, View
from shared.storage.work import Work


class InclusionQuery(Query):
    index: int = Field(ge=0, le=2**62)
    size: int = Field(ge=1, le=2**62)


class InclusionView(View):
    index: int
    size: int
    proof: list[str]


@endpoint("GET", "/v1/transparency/proof/inclusion", roles=PUBLIC)
def prove_inclusion(query: InclusionQuery, work: Work) -> InclusionView:
    proof = log.inclusion(work, query.index, query.size)
    return InclusionView(index=query.index, size=query.size, proof=[encode(node) for node in proof])
