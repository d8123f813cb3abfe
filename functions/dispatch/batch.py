"""POST /internal/dispatch/batch: the BATCH loop, one slot of one region."""

from datetime import UTC, datetime
from functools import partial

from pydantic import Field

from shared.dispatch import batch_loop, pool
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import ENQUEUES, SOLVER, Resource
from shared.kernel.wire import Command, Query, View
from shared.storage.work import Work
from shared.wiring.dispatch import bundling
from shared.wiring.routing import routers


class BatchQuery(Query):
    region_id: str = Field(max_length=64)


class RunBatch(Command):
    slot: int = Field(ge=0, le=2**40)


class BatchView(View):
    outcome: str
    orders: int
    trips: int
    joining: int


@endpoint(
    "POST",
    "/internal/dispatch/batch",
    roles=INTERNAL,
    process="dispatch",
    uses=ENQUEUES | {Resource.MAPS_READ},
    sizing=SOLVER,
)
def batch(command: RunBatch, query: BatchQuery, work: Work) -> BatchView:
    plan_all = partial(pool.plan_all, seconds=bundling().seconds, steps=bundling().steps, seed=command.slot)
    slot_at = datetime.fromtimestamp(command.slot, UTC)
    ran = batch_loop.run(work, query.region_id, slot_at, bundling(), routers(), plan_all)
    return BatchView(outcome=ran.outcome, orders=ran.orders, trips=ran.trips, joining=ran.joining)
