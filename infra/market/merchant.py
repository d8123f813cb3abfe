"""A merchant: files its permits, opens stores, accepts orders from its stream, prepares them, takes returns back."""

import asyncio
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from infra.market.accounts import Account
from infra.market.client import Json, Problem
from infra.market.world import World, wire
from shared.kernel.positions import Position

PERMITS_EXPIRE_ON = "2028-05-31"
REGISTRATIONS = ("sales_tax", "atf_registration", "state_registration", "noncompliant_list_check")
ALL_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
OPEN_WORK = ("payment_authorized", "accepted", "preparing", "dispatched")


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of a store's catalogue."""

    name: str
    category: str
    price_minor: int
    restricted: bool = True


@dataclass(frozen=True, slots=True)
class MerchantHabits:
    """`rejects` is the share of orders turned down; the rest is accepted within `answers_within`."""

    rejects: float = 0.0
    answers_within: timedelta = timedelta(seconds=20)


class MerchantAgent:
    def __init__(self, world: World, account: Account, habits: MerchantHabits, random: Random) -> None:
        self._world = world
        self._account = account
        self._habits = habits
        self._random = random
        self._seen: set[str] = set()
        self.merchant_id = account.tenant_id
        self.stores: dict[str, list[str]] = {}
        """Product ids by store id, in the order in which they were opened."""

    async def apply(self, name: str, admin: Account) -> None:
        """Apply, be approved by the platform's own people, say where the money goes, and file every registration."""
        path = f"/v1/merchants/{self.merchant_id}"
        merchant = await self._account.post("/v1/merchants", {"name": name})
        if merchant["status"] == "applied":
            await admin.post(f"/v1/admin/merchants/{self.merchant_id}/review", {"decision": "approve"})
            await self._account.patch(path, {"payment_account": f"acct_{self.merchant_id.removeprefix('mer_')}"})
        permits = (await self._account.get(f"{path}/permits", limit=200))["items"]
        held = {permit["kind"] for permit in permits if permit["status"] == "verified"}
        for kind in REGISTRATIONS:
            if kind not in held:
                number = f"TX-{self.merchant_id[-8:]}"
                await self._hold({"kind": kind, "number": number, "expires_on": PERMITS_EXPIRE_ON}, admin)

    async def _hold(self, permit: Json, admin: Account) -> None:
        """File a permit; the platform's own people verify it."""
        filed = await self._account.post(f"/v1/merchants/{self.merchant_id}/permits", permit)
        review = f"/v1/admin/merchants/{self.merchant_id}/permits/{filed['id']}/review"
        await admin.post(review, {"decision": "verify"})

    async def open_stores(self, places: list[tuple[str, Position]], goods: tuple[Goods, ...], admin: Account) -> None:
        """Open a store at each place, with its own retail permit and catalogue; those of an earlier run are found again."""
        path = f"/v1/merchants/{self.merchant_id}"
        existing = (await self._account.get(f"{path}/stores", limit=200))["items"]
        for store in existing:
            products = await self._account.get(f"{path}/products", limit=200)
            self.stores[store["id"]] = [item["id"] for item in products["items"] if item["store_id"] == store["id"]]
        for name, position in places[len(existing) :]:
            store_id = await self._open_store(name, position, admin)
            self.stores[store_id] = [await self._stock(store_id, line) for line in goods]

    async def _open_store(self, name: str, position: Position, admin: Account) -> str:
        path = f"/v1/merchants/{self.merchant_id}"
        store = await self._account.post(
            f"{path}/stores",
            {
                "name": name, "address": f"{name}, Dallas, TX", "position": wire(position), "region_id": "dfw",
                "jurisdiction": "US-TX", "hours": ALL_DAY, "open": True, "prep_minutes": 15, "radius_m": 40_000,
            },
        )  # fmt: skip
        number = f"EC-{store['id'][-8:]}"
        permit = {
            "kind": "e_cigarette_retail",
            "number": number,
            "expires_on": PERMITS_EXPIRE_ON,
            "store_id": store["id"],
        }
        await self._hold(permit, admin)
        return str(store["id"])

    async def _stock(self, store_id: str, line: Goods) -> str:
        product = {
            "store_id": store_id, "name": line.name, "description": line.name, "category": line.category,
            "price_minor": line.price_minor, "currency": "USD", "tax_bps": 825, "weight_g": 120,
            "restricted": line.restricted, "attested": line.restricted, "stock": 100_000, "active": True,
        }  # fmt: skip
        if line.restricted:
            product["authorization_reference"] = "PM0000551"
        return str((await self._account.post(f"/v1/merchants/{self.merchant_id}/products", product))["id"])

    async def keep_shop(self) -> None:
        """Serve every order of every store, until cancelled."""
        async with asyncio.TaskGroup() as group:
            self._world.counters[self.merchant_id] = lambda order_id: void(group.create_task(self._take_back(order_id)))
            async for event in self._account.follow(f"/v1/merchants/{self.merchant_id}/stream"):
                if event.name == "connected":
                    for order in await self._open_orders():
                        self._serve_once(group, order)
                elif event.name == "order_status" and event.data["status"] == "payment_authorized":
                    self._serve_once(group, {"id": event.data["order_id"], **event.data})

    def _serve_once(self, group: asyncio.TaskGroup, order: Json) -> None:
        if order["id"] not in self._seen:
            self._seen.add(order["id"])
            group.create_task(self._serve(order))

    async def _open_orders(self) -> list[Json]:
        orders: list[Json] = []
        for status in OPEN_WORK:
            found = await self._account.get(f"/v1/merchants/{self.merchant_id}/orders", status=status, limit=200)
            orders += [order for order in found["items"] if order["ready_at"] is None]
        return orders

    async def _serve(self, order: Json) -> None:
        """Accept, prepare, have it ready; an order that was called off meanwhile is let go."""
        try:
            if order["status"] == "payment_authorized" and not await self._accept(order):
                return
            if order["status"] in ("payment_authorized", "accepted"):
                order = await self._act(order, "preparing")
            await self._world.timeline.sleep_until(self._ready_at(order["id"]))
            await self._act(order, "ready", **_confirmed(order["label"]))
        except Problem as problem:
            if problem.status != 409:
                raise

    async def _accept(self, order: Json) -> bool:
        timeline = self._world.timeline
        await timeline.sleep(self._random.uniform(0, self._habits.answers_within.total_seconds()))
        if self._random.random() < self._habits.rejects:
            await self._act(order, "reject", reason="out_of_stock")
            return False
        minutes_left = (self._ready_at(order["id"]) - timeline.now()).total_seconds() / 60
        await self._act(order, "accept", prep_minutes=max(0, min(240, math.ceil(minutes_left))))
        return True

    def _ready_at(self, order_id: str) -> datetime:
        """When the kitchen is done; ten minutes from now for an order of an earlier run."""
        return self._world.ready_at.setdefault(order_id, self._world.timeline.now() + timedelta(minutes=10))

    async def _act(self, order: Json, action: str, **more: object) -> Json:
        """Gives the order as it is then."""
        store = f"/v1/merchants/{self.merchant_id}/stores/{order['store_id']}"
        return await self._account.post(f"{store}/orders/{order['id']}/action", {"action": action, **more})

    async def _take_back(self, order_id: str) -> None:
        await self._account.post(f"/v1/orders/{order_id}/return/confirm", {"condition": "sealed"})
        self._world.happened("returned", order_id)


def _confirmed(label: Json | None) -> Json:
    """What is said of a parcel under its label."""
    return {"label_version": label["version"]} if label else {}


def void(_: object) -> None:
    """Drop a value where a callback must give none."""
