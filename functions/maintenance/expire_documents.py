"""POST /internal/maintenance/expire_documents: remind of permits and documents that end, and stop orders that lost theirs."""

from shared.credentials import expiry
from shared.dispatch import tasks
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES, Resource
from shared.kernel.roles import PLATFORM
from shared.kernel.wire import View
from shared.orders import clearance, placement, rules
from shared.orders import service as orders
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class ExpiredView(View):
    reminded: int
    expired: int
    orders_stopped: int


@endpoint(
    "POST",
    "/internal/maintenance/expire_documents",
    roles=INTERNAL,
    uses=PUBLISHES | {Resource.PAYMENTS},
    sizing=CHORE,
)
def expire_documents(work: Work) -> ExpiredView:
    swept, stopped = expiry.sweep(work), 0
    work.checkpoint()
    for order, refusal in clearance.stopped(work):
        order = orders.apply(work, order, rules.stop(order.facts, refusal), PLATFORM)
        tasks.cancel(work, order)
        placement.restock(work, order)
        payments.settle(work, order.id, processor)
        stopped += 1
    return ExpiredView(reminded=swept.reminded, expired=swept.expired, orders_stopped=stopped)
