"""GET /v1/admin/zones: where work is expected, where drivers are and what the fee is multiplied by, zone by zone."""

from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.operations.fields import RegionQuery
from shared.operations.zones import ZonesView, zones
from shared.storage.work import Work


@endpoint("GET", "/v1/admin/zones", roles=OPERATORS)
def get_zones(query: RegionQuery, work: Work) -> ZonesView:
    return zones(work, query.region_id)
