"""GET /mission/config.json: which region mission control opens, and a local market's sign-in."""

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.errors import NotFound
from shared.kernel.wire import PositionModel, View
from shared.storage.work import Work
from shared.wiring.settings import settings

_REGION = "SELECT region_id, name, lat, lng FROM regions ORDER BY region_id LIMIT 1"
ZOOM = 11.2


class DemoSignIn(View):
    email: str
    password: str


class MissionConfig(View):
    demo_sign_in: DemoSignIn | None
    region_id: str
    region_name: str
    center: PositionModel
    zoom: float


@endpoint("GET", "/mission/config.json", roles=PUBLIC)
def mission_config(work: Work) -> MissionConfig:
    rows = work.look(_REGION)
    if not rows:
        raise NotFound("There is no region yet. Run `cloudrun job seed`.")
    region, demo = rows[0], settings().demo_sign_in
    return MissionConfig(
        demo_sign_in=DemoSignIn(email=demo[0], password=demo[1]) if demo else None,
        region_id=region["region_id"],
        region_name=region["name"],
        center=PositionModel(lat=region["lat"], lng=region["lng"]),
        zoom=ZOOM,
    )
