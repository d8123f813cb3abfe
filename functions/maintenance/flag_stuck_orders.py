"""POST /internal/maintenance/flag_stuck_orders: mark orders that have not moved for too long, for an operator to see."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES
from shared.kernel.wire import View
from shared.orders import stuck
from shared.storage.work import Work


class FlaggedView(View):
    flagged: int
    cancelled: int


@endpoint("POST", "/internal/maintenance/flag_stuck_orders", roles=INTERNAL, uses=PUBLISHES, sizing=CHORE)
def flag_stuck_orders(work: Work) -> FlaggedView:
    return FlaggedView(flagged=stuck.flag(work), cancelled=stuck.cancel_abandoned(work))
