"""POST /internal/dispatch/balance_zones: each minute, forecast every region's zones, price their surge, send hints."""

from shared.dispatch.zones import balance
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES
from shared.kernel.wire import View
from shared.storage.work import Work


class RegionBalanceView(View):
    """`done` is False when this minute was done before."""

    region_id: str
    done: bool
    zones: int
    surging: int
    hints: int


class BalanceView(View):
    regions: list[RegionBalanceView]


@endpoint("POST", "/internal/dispatch/balance_zones", roles=INTERNAL, process="dispatch", uses=PUBLISHES, sizing=CHORE)
def balance_zones(work: Work) -> BalanceView:
    regions = []
    for region_id in balance.region_ids(work):
        done = balance.balance(work, region_id)
        work.checkpoint()
        view = RegionBalanceView(
            region_id=region_id, done=done.done, zones=done.zones, surging=done.surging, hints=done.hints
        )
        regions.append(view)
    return BalanceView(regions=regions)
