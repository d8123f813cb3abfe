"""PUT /v1/admin/regions/{region_id}/surge: the limit of surge, the drivers' share of it, and the switch for a disaster."""

import json
from dataclasses import asdict

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.kernel.errors import NotFound
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.operations.zones import SurgeTermsView, surge_terms
from shared.orders.surge import MOST_BPS, NONE_BPS, SurgeTerms
from shared.storage.work import Work

_SET = """
    UPDATE regions SET settings = settings || jsonb_build_object('surge', CAST(:terms AS jsonb))
    WHERE region_id = :region_id RETURNING region_id
"""


class SetSurge(Command):
    limit_bps: int = Field(ge=NONE_BPS, le=MOST_BPS)
    driver_share_bps: int = Field(ge=0, le=10_000)
    disaster_declared: bool


@endpoint("PUT", "/v1/admin/regions/{region_id}/surge", roles={Role.ADMIN}, idempotency="optional")
def set_surge(command: SetSurge, region_id: str, work: Work) -> SurgeTermsView:
    terms = SurgeTerms(**command.model_dump())
    if work.one(_SET, region_id=region_id, terms=json.dumps(asdict(terms))) is None:
        raise NotFound.of("region", region_id)
    return surge_terms(terms)
