"""A customer: prices a cart, orders, proves its age, pays, and watches until the order has ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from infra.market.accounts import Account
from infra.market.client import Json, Problem
from infra.market.world import Door, Intention, World, wire
from shared.kernel.positions import Position
from shared.orders.states import TERMINAL

OF_AGE, UNDER_AGE = "1988-04-12", "2012-04-12"
ENDED = frozenset(status.value for status in TERMINAL)
LOOKS_WHILE_CHECKED = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Errand:
    """One order that a customer will place. `kitchen` is how long the store will need for the goods.

    A customer who intends to cancel does so `changes_mind_after` placing; any customer whose goods have not left the
    store within `patience` gives up.
    """

    store_id: str
    product_id: str
    quantity: int
    address_id: str
    kitchen: timedelta
    intention: Intention = Intention.BUY
    door: Door = Door.GOOD
    changes_mind_after: timedelta = timedelta(minutes=4)
    patience: timedelta = timedelta(minutes=90)
    looks_every: timedelta = timedelta(minutes=8)


class CustomerAgent:
    def __init__(self, world: World, account: Account, name: str) -> None:
        self._world = world
        self._account = account
        self._name = name

    async def move_to(self, label: str, home: Position) -> str:
        """Save an address and give its id."""
        body = {"label": label, "line": f"{label}, Dallas, TX", "position": wire(home)}
        return str((await self._account.post("/v1/customers/me/addresses", body))["id"])

    async def browse(self, near: Position) -> list[Json]:
        """The open stores around a place, nearest first."""
        found = await self._account.get("/v1/stores", lat=near.lat, lng=near.lng, open_now="true")
        return list(found["items"])

    async def menu(self, store_id: str, near: Position) -> list[Json]:
        """What may be sold and is in stock."""
        found = await self._account.get(f"/v1/stores/{store_id}/menu", lat=near.lat, lng=near.lng)
        return [product for category in found["categories"] for product in category["products"] if product["stock"] > 2]

    async def buy(self, errand: Errand, placed: Callable[[str], None]) -> str:
        """Place an order and see it through; `placed` hears its id. Gives the status in which it ended. Raises Problem."""
        order = await self._place(errand)
        placed(order["id"])
        if order["restricted"] and (order := await self._prove_age(order, errand))["status"] != "age_verified":
            self._world.happened("age_failed", order["id"])
            return str(order["status"])
        order = await self._pay(order["id"], errand)
        return await self._watch(order, errand)

    async def _place(self, errand: Errand) -> Json:
        items = [{"product_id": errand.product_id, "quantity": errand.quantity}]
        cart = {"store_id": errand.store_id, "address_id": errand.address_id, "items": items, "tip_minor": 300}
        price = await self._account.post("/v1/orders/price", cart)
        body = {"price_id": price["id"]}
        if price["certification"] is not None:
            body["certification_version"] = price["certification"]["version"]
        order = await self._account.post("/v1/orders", body)
        self._world.ready_at[order["id"]] = self._world.timeline.now() + errand.kitchen
        self._world.doors[order["id"]] = errand.door
        self._world.happened("placed", order["id"], total_minor=price["total_minor"])
        return order

    async def _prove_age(self, order: Json, errand: Errand) -> Json:
        birth_date = UNDER_AGE if errand.intention == Intention.UNDERAGE else OF_AGE
        subject = {"full_name": self._name, "birth_date": birth_date, "residence_line": "Dallas, TX"}
        path = f"/v1/orders/{order['id']}"
        try:
            order = await self._account.post(f"{path}/verify_age", subject)
        except Problem as problem:
            if problem.code != "consent_required":
                raise
            consent = {"consent_version": problem.document["consent"]["version"]}
            order = await self._account.post(f"{path}/verify_age", subject | consent)
        while order["status"] == "age_pending":
            await self._world.timeline.sleep(LOOKS_WHILE_CHECKED.total_seconds())
            order = await self._account.get(path)
        return order

    async def _pay(self, order_id: str, errand: Errand) -> Json:
        path = f"/v1/orders/{order_id}/payment/authorize"
        if errand.intention in (Intention.CARD_DECLINED, Intention.SECOND_CARD):
            order = await self._account.post(path, {"payment_method": "tok_chargeDeclined"})
            self._world.happened("declined", order_id)
            if errand.intention == Intention.CARD_DECLINED:
                return await self._cancel(order, "other")
        return await self._account.post(path, {"payment_method": "tok_visa"})

    async def _watch(self, order: Json, errand: Errand) -> str:
        timeline, order_id = self._world.timeline, order["id"]
        gives_up_at = timeline.now() + errand.patience
        if errand.intention == Intention.CANCEL:
            await timeline.sleep(errand.changes_mind_after.total_seconds())
            order = await self._cancel(order, "changed_mind")
        while order["status"] not in ENDED:
            await timeline.sleep(errand.looks_every.total_seconds())
            order = await self._account.get(f"/v1/orders/{order_id}")
            if timeline.now() >= gives_up_at and "cancel" in order["allowed_actions"]:
                order = await self._cancel(order, "too_slow")
        if order["status"] == "merchant_rejected":
            self._world.happened("merchant_rejected", order_id)
        return str(order["status"])

    async def _cancel(self, order: Json, reason: str) -> Json:
        """The order after the attempt: it goes on when the goods were quicker."""
        try:
            order = await self._account.post(f"/v1/orders/{order['id']}/cancel", {"reason": reason})
        except Problem as problem:
            if problem.status != 409:
                raise
            return await self._account.get(f"/v1/orders/{order['id']}")
        self._world.happened("cancelled", order["id"], reason=reason)
        return order
