"""GET /v1/drivers: search drivers by region, whether they are online, and whether their documents are in order."""

from typing import Literal

from pydantic import Field

from shared.drivers import views
from shared.drivers.views import DriverView
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.storage.work import Work

_SEARCH = """
    SELECT * FROM drivers
    WHERE closed_at IS NULL AND (CAST(:status AS text) IS NULL OR online = (:status = 'online'))
      AND (CAST(:region_id AS text) IS NULL OR region_id = :region_id)
      AND (CAST(:compliance AS text) IS NULL OR (:compliance = 'compliant') = (
            coalesce(documents_until >= CAST(:today AS date), true)))
      AND driver_id > :after
    ORDER BY driver_id LIMIT :fetch
"""


class SearchDrivers(PageQuery):
    status: Literal["online", "offline"] | None = None
    region_id: str | None = Field(default=None, max_length=64)
    compliance: Literal["compliant", "incomplete"] | None = None


@endpoint("GET", "/v1/drivers", roles={Role.ADMIN})
def list_drivers(query: SearchDrivers, work: Work) -> Page[DriverView]:
    rows = work.run(
        _SEARCH,
        status=query.status,
        region_id=query.region_id,
        compliance=query.compliance,
        today=work.now.date(),
        after=query.after,
        fetch=query.fetch,
    )
    return page(rows, query, "driver_id", views.driver)
