"""POST /v1/orders/{order_id}/deliver/confirm: the goods are in the recipient's hands; the payment is captured."""

from shared.dispatch import tasks
from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.roles import Actor, Caller, Role
from shared.kernel.wire import Command
from shared.orders import books, clearance, rules, views
from shared.orders import service as orders
from shared.orders.views import OrderView
from shared.payments import service as payments
from shared.storage.work import Work
from shared.wiring.payments import processor


class ConfirmDelivery(Command):
    left_at_door: bool = False


@endpoint(
    "POST",
    "/v1/orders/{order_id}/deliver/confirm",
    roles={Role.DRIVER},
    owner=Owner.ORDER,
    idempotency="required",
    uses=PUBLISHES | {Resource.PAYMENTS},
)
def confirm_delivery(command: ConfirmDelivery, order_id: str, caller: Caller, work: Work) -> OrderView:
    order = orders.load(work, order_id)
    with clearance.refusals_recorded(work, order_id, Actor.of(caller)):
        answers = clearance.at_handoff(work, order, left_at_door=command.left_at_door)
        decision = rules.deliver(order.facts, order.policy, answers, now=work.now, left_at_door=command.left_at_door)
    order = orders.apply(work, order, decision, Actor.of(caller))
    books.sold(work, order.row)
    tasks.finish(work, order)
    payments.settle(work, order_id, processor)
    return views.order(order, caller)
