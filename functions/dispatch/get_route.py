"""GET /v1/tasks/{task_id}/route: the way of what is left of a task's trip, with its turns."""

import numpy as np

from shared.dispatch import stops
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, SOLVER, Resource
from shared.kernel.roles import Role
from shared.kernel.wire import PositionModel, View
from shared.storage.work import Work
from shared.wiring.routing import routers


class StepView(View):
    instruction: str
    position: PositionModel
    distance_m: int
    duration_s: int


class RouteView(View):
    geometry: list[PositionModel]
    distance_m: int
    duration_s: int
    steps: list[StepView]


@endpoint(
    "GET",
    "/v1/tasks/{task_id}/route",
    roles={Role.DRIVER},
    owner=Owner.TASK,
    process="dispatch",
    uses=READS | {Resource.MAPS_READ},
    sizing=SOLVER,
)
def get_route(task_id: str, work: Work) -> RouteView:
    local, places = stops.places_left(work, task_id)
    route = routers()(local).route(np.array(places))
    return RouteView(
        geometry=[PositionModel(lat=lat, lng=lng) for lat, lng in route.geometry],
        distance_m=round(route.distance_m),
        duration_s=round(route.duration_s),
        steps=[
            StepView(
                instruction=step.instruction,
                position=PositionModel(lat=step.position[0], lng=step.position[1]),
                distance_m=round(step.distance_m),
                duration_s=round(step.duration_s),
            )
            for step in route.steps
        ],
    )
