"""GET /v1/state: a region's orders, drivers and stores, for a map."""

from pydantic import Field

from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.operations.fields import RegionQuery
from shared.operations.state import StateView, state
from shared.storage.work import Work


class StateQuery(RegionQuery):
    include_completed: bool = False
    limit: int = Field(default=200, ge=1, le=1_000)


@endpoint("GET", "/v1/state", roles=OPERATORS)
def get_state(query: StateQuery, work: Work) -> StateView:
    return state(work, query.region_id, include_completed=query.include_completed, limit=query.limit)
