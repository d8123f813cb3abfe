"""What a person confirms: the customer has paid on the merchant's own terminal at the door."""

from shared.kernel.errors import BadInput, Conflict
from shared.kernel.roles import Actor
from shared.orders import service as orders
from shared.orders.service import Order
from shared.payments import answers
from shared.payments import service as payments
from shared.payments.protocol import Outcome, Processors
from shared.storage.work import Work


class NothingToConfirm(Conflict):
    code, title = "nothing_to_confirm", "There is no payment at the door to confirm"


def confirm(work: Work, order_id: str, amount_minor: int, receipt: str, actor: Actor, processors: Processors) -> Order:
    """Settle the capture of a delivered order by the terminal's receipt. Raises NothingToConfirm, BadInput."""
    orders.load(work, order_id)
    row = work.one(_WAITING, order_id=order_id)
    if row is None:
        raise NothingToConfirm("Confirm the delivery first; then the payment that the terminal took, once.")
    if amount_minor != row["amount_minor"]:
        raise BadInput.field("body.amount_minor", f"must be {row['amount_minor']}, what the order comes to")
    outcome = Outcome("succeeded", receipt)
    return answers.record(work, payments.intent_of(row), outcome, processors("terminal"), actor)


_WAITING = f"""
    SELECT {payments.COLUMNS} FROM payment_intents
    WHERE order_id = :order_id AND processor = 'terminal' AND kind = 'capture' AND status = 'pending'
"""
