"""GET /v1/drivers: search drivers by region, whether they are online, and whether their documents are in order."""

from typing import Literal

from pydantic import Field

from shared.drivers import views
from shared.drivers.rules import DocumentKind
from shared.drivers.views import DriverView
from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.storage.work import Work

_SEARCH = """
    SELECT * FROM drivers d
    WHERE (CAST(:status AS text) IS NULL OR online = (:status = 'online'))
      AND (CAST(:region_id AS text) IS NULL OR region_id = :region_id)
      AND (CAST(:compliance AS text) IS NULL OR (:compliance = 'compliant') = (
            (SELECT count(DISTINCT kind) FROM driver_documents c WHERE c.driver_id = d.driver_id
                AND c.status = 'verified' AND (c.expires_on IS NULL OR c.expires_on >= CAST(:today AS date)))
            = CAST(:kinds AS integer)))
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
        kinds=len(DocumentKind),
        after=query.after,
        fetch=query.fetch,
    )
    return page(rows, query, "driver_id", views.driver)
