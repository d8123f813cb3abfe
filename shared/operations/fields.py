"""Query parameters that more than one read of the operators takes."""

from pydantic import Field

from shared.kernel.wire import Query


class RegionQuery(Query):
    region_id: str = Field(min_length=1, max_length=64)
