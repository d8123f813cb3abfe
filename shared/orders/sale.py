"""Whether a store may sell these goods now: asked when a cart is priced, and again when the price is redeemed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.compliance import gates
from shared.compliance.policy import Policy
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


def check_goods(rules: Policy, store: Row, products: list[Any]) -> None:
    """Every gate of the sale: the merchant may sell, each product may be sold. Raises StoreClosed, GateRefused."""
    if store["merchant_status"] != "approved":
        raise StoreClosed(f"{store['store_name']} may not sell at present.")
    restricted = any(product["restricted"] for product in products)
    permitted = gates.merchant_gate(rules, restricted=restricted, permit_expires_on=store["permit_expires_on"])
    if not permitted.passed:
        raise GateRefused.by(permitted)
    for product in products:
        sellable = gates.product_gate(
            rules,
            restricted=product["restricted"],
            authorization_reference=product["authorization_reference"],
            attested=product["attested"],
        )
        if not sellable.passed:
            raise GateRefused.by(sellable)
