"""POST /internal/dispatch/tick: the FAST loop, one slot of one region."""

import time
from datetime import UTC, datetime

from pydantic import Field

from shared.dispatch import fast_loop
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import ENQUEUES, SOLVER, Resource
from shared.kernel.wire import Command, Query, View
from shared.storage.work import Work
from shared.wiring.dispatch import parameters
from shared.wiring.routing import routers


class TickQuery(Query):
    region_id: str = Field(max_length=64)


class RunTick(Command):
    slot: int = Field(ge=0, le=2**40)


class TickView(View):
    outcome: str
    tick_id: str | None
    jobs: int
    drivers: int
    offers: int


@endpoint(
    "POST",
    "/internal/dispatch/tick",
    roles=INTERNAL,
    process="dispatch",
    uses=ENQUEUES | {Resource.MAPS_READ},
    sizing=SOLVER,
)
def tick(command: RunTick, query: TickQuery, work: Work) -> TickView:
    slot_at = datetime.fromtimestamp(command.slot, UTC)
    ran = fast_loop.run(work, query.region_id, slot_at, parameters(), routers(), time.perf_counter)
    return TickView(outcome=ran.outcome, tick_id=ran.tick_id, jobs=ran.jobs, drivers=ran.drivers, offers=ran.offers)
