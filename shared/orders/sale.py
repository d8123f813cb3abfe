"""Whether a store may sell these goods now: asked when a cart is priced, and again when the price is redeemed."""

from datetime import datetime
from zoneinfo import ZoneInfo

from shared.compliance.facts import CartFacts, Goods, MerchantFacts, PlaceFacts, RecordFacts
from shared.compliance.gates import GateDecision, first_refusal, record_gate, sale_gates
from shared.compliance.policy import Policy
from shared.credentials.holdings import held
from shared.kernel.errors import Conflict
from shared.merchants import hours
from shared.orders.rules import GateRefused
from shared.storage.connection import Row


class StoreClosed(Conflict):
    code, title = "store_closed", "The store is closed"


class NotServed(Conflict):
    code, title = "address_not_served", "The store does not deliver there"


class OutOfStock(Conflict):
    code, title = "out_of_stock", "Not enough is left"


def local(store: Row, now: datetime) -> datetime:
    """The store's own wall clock: its hours and its permit's days are by it."""
    return now.astimezone(ZoneInfo(store["timezone"]))


def check_open(store: Row, now: datetime) -> None:
    """Raises StoreClosed."""
    if not (store["open"] and hours.open_at(store["hours"], local(store, now))):
        raise StoreClosed(
            f"{store['store_name']} takes no orders now. GET /v1/stores?open_now=true lists those that do."
        )


def goods(product: Row, quantity: int) -> Goods:
    """A line of a cart, from a row of `products`."""
    return Goods(
        product_id=product["product_id"],
        quantity=quantity,
        restricted=product["restricted"],
        authorization_reference=product["authorization_reference"],
        attested=product["attested"],
        weight_g=product["weight_g"],
    )


def check_goods(
    rules: Policy, store: Row, cart: CartFacts, now: datetime, *, address_known: bool
) -> tuple[GateDecision, ...]:
    """Every gate of the sale: the merchant may sell, the goods may be sold, there and then, and it can be recorded.

    `address_known` says whether the place that the goods go to is a saved address. Gives the gates' answers.
    Raises StoreClosed, GateRefused.
    """
    if store["merchant_status"] != "approved":
        raise StoreClosed(f"{store['store_name']} may not sell at present.")
    clock = local(store, now)
    merchant = MerchantFacts(clock.date(), held(store["permits"]))
    answers = sale_gates(rules, cart, merchant, PlaceFacts(local_time=f"{clock:%H:%M}"))
    if answers:
        answers = (*answers, record_gate(rules, RecordFacts(address_known)))
    refusal = first_refusal(answers)
    if refusal is not None:
        raise GateRefused.by(refusal)
    return answers
