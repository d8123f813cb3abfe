"""POST /v1/admin/decoys: plan a test order whose recipient the driver must refuse; the buyer then orders like anybody else."""

from pydantic import AwareDatetime, Field

from shared.decoys import service as decoys
from shared.decoys import views
from shared.decoys.rules import Scenario
from shared.decoys.views import DecoyView
from shared.http.endpoint import endpoint
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work


class PlanDecoy(Command):
    """The buyer's next restricted order within 12 hours from `scheduled_for` on is the decoy."""

    scenario: Scenario
    customer_id: str = Field(min_length=1, max_length=64)
    scheduled_for: AwareDatetime


@endpoint("POST", "/v1/admin/decoys", roles={Role.ADMIN}, idempotency="optional", status=201)
def plan_decoy(command: PlanDecoy, caller: Caller, work: Work) -> DecoyView:
    return views.decoy(decoys.plan(work, command.scenario, command.customer_id, command.scheduled_for, caller))
