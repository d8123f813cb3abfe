"""Playing a planned day against a running product, through its HTTP interface alone, and auditing what it came to."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from infra.market.accounts import Account, Household
from infra.market.client import Api, Json, Problem, Unreachable
from infra.market.customer import CustomerAgent, Errand
from infra.market.day import OPENS_AT, Courier, Day
from infra.market.driver import DriverAgent, DriverHabits
from infra.market.merchant import Goods, MerchantAgent, MerchantHabits
from infra.market.pace import SpeedController, conduct
from infra.market.report import Finding, Record, Report, make_report, record
from infra.market.timeline import Timeline
from infra.market.world import World
from shared.kernel.clock import Clock

MERCHANTS = 12
"""Accounts that share the day's shops: chains of about ten stores."""

ORDERS_PER_CUSTOMER = 4
EVE = timedelta(hours=3)
"""How long before the day's first minute the clock is started; everybody signs up in that time."""

EVE_SPEED = 20.0
EVE_ENDS = timedelta(minutes=10)
"""How long before the first minute the clock slows down until everybody is there: a busy machine signs people up slowly."""

READERS = 12
"""Orders audited at a time."""

GOODS = (Goods("Disposable vape, 5000 puffs", "disposables", 1_899),)


@dataclass(frozen=True, slots=True)
class Stage:
    """A running product, its clock, and an operator's sign-in. `home` keeps the people's accounts."""

    base_url: str
    email: str
    password: str
    clock: Clock
    speed: Callable[[], float]
    set_speed: Callable[[float], None]
    home: Path


class Play:
    """One performance. `counts` says what has happened so far, by kind."""

    def __init__(self, day: Day, stage: Stage, controller: SpeedController, seed: int) -> None:
        self._day = day
        self._stage = stage
        self._controller = controller
        self._seed = seed
        self._incidents: list[Finding] = []
        self._placed: list[str] = []
        self._open: set[str] = set()
        self._addresses: list[str] = []
        self._on_duty: set[DriverAgent] = set()
        self._stores: list[tuple[str, str]] = []
        self._merchants: list[MerchantAgent] = []
        self._customers: list[CustomerAgent] = []
        self._drivers: list[DriverAgent] = []
        self.timeline = Timeline(stage.clock, stage.speed)
        self.world = World(self.timeline, self._count)
        self.counts: Counter[str] = Counter()

    @property
    def open_orders(self) -> int:
        return len(self._open)

    @property
    def ended(self) -> int:
        return len(self._placed) - len(self._open)

    async def perform(self) -> Report:
        """Sign everybody up, live through the day, audit it."""
        began = perf_counter()
        self._stage.set_speed(EVE_SPEED)
        async with Api(self._stage.base_url, self.timeline) as api:
            admin = Account(api, self._stage.email, self._stage.password)
            await admin.sign_in()
            evening = asyncio.create_task(self._hold_the_clock())
            await self._sign_up(Household(api, self._stage.home / "demo_accounts.json"), admin)
            evening.cancel()
            await self._live()
            self._stage.set_speed(1.0)
            simulated_s = (self.timeline.now() - self._day.orders[0].placed_at).total_seconds()
            records = await self._audit(admin)
            report = make_report(
                self._day.source, self._placed, records,
                offers=self.counts["offered"], wall_s=perf_counter() - began, simulated_s=simulated_s,
            )  # fmt: skip
        return replace(report, findings=(*report.findings, *self._incidents))

    async def _hold_the_clock(self) -> None:
        """Nobody comes too late for the first order."""
        await self.timeline.sleep_until(OPENS_AT - EVE_ENDS)
        self._stage.set_speed(1.0)

    def _count(self, happening: Json) -> None:
        self.counts[happening["kind"]] += 1

    async def _sign_up(self, household: Household, admin: Account) -> None:
        day = self._day
        customers = -(-len(day.orders) // ORDERS_PER_CUSTOMER)
        self._merchants = await asyncio.gather(*(self._merchant(household, admin, n) for n in range(MERCHANTS)))
        self._drivers = await asyncio.gather(*(self._driver(household, admin, n) for n in range(len(day.couriers))))
        self._customers = await asyncio.gather(*(self._customer(household, n) for n in range(customers)))
        self._addresses = await asyncio.gather(
            *(
                self._customers[n % customers].move_to(f"Order {order.name}", order.dropoff)
                for n, order in enumerate(day.orders)
            )
        )
        opened = [list(merchant.stores.items()) for merchant in self._merchants]
        for number in range(len(day.shops)):
            store_id, [product_id, *_] = opened[number % MERCHANTS][number // MERCHANTS]
            self._stores.append((store_id, product_id))

    async def _merchant(self, household: Household, admin: Account, number: int) -> MerchantAgent:
        name = f"Chain {number + 1}"
        account = await household.account("merchant", number, name)
        agent = MerchantAgent(
            self.world, account, MerchantHabits(answers_within=timedelta()), Random(f"{self._seed}:m{number}")
        )
        await agent.apply(name, admin)
        places = [(f"{name}, shop {shop.name}", shop.position) for shop in self._day.shops[number::MERCHANTS]]
        await agent.open_stores(places, GOODS, admin)
        return agent

    async def _driver(self, household: Household, admin: Account, number: int) -> DriverAgent:
        day, courier = self._day, self._day.couriers[number]
        habits = DriverHabits(
            m_per_min=day.m_per_min, whole_minutes=True, pickup_service=day.pickup_service,
            dropoff_service=day.dropoff_service, reports_every_s=120.0, reports_on_the_way_every_s=60.0, answers_within_s=0.0,
            accepts=1.0, rejects=0.0,
        )  # fmt: skip
        account = await household.account("driver", number, f"Courier {courier.name}")
        agent = DriverAgent(self.world, account, habits, courier.start, Random(f"{self._seed}:d{number}"))
        documents_expire_on = (self.timeline.now() + timedelta(days=365)).date().isoformat()
        await agent.enrol(f"Courier {courier.name}", admin, documents_expire_on)
        return agent

    async def _customer(self, household: Household, number: int) -> CustomerAgent:
        name = f"Customer {number + 1}"
        return CustomerAgent(self.world, await household.account("customer", number, name), name)

    async def _live(self) -> None:
        """Until every order has ended and every courier has gone home."""
        async with asyncio.TaskGroup() as group:
            pace = conduct(self.timeline, self._controller, self._stage.set_speed, lambda: not self._open)
            always = [group.create_task(pace)]
            always += [group.create_task(self._guarded("merchant", one.keep_shop())) for one in self._merchants]
            async with asyncio.TaskGroup() as shifts:
                waiting = [
                    shifts.create_task(self._shift(driver, courier))
                    for driver, courier in zip(self._drivers, self._day.couriers, strict=True)
                ]
                await self._all_orders()
                for driver, task in zip(self._drivers, waiting, strict=True):
                    driver.go_home() if driver in self._on_duty else task.cancel()
            for task in always:
                task.cancel()

    async def _all_orders(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number, order in enumerate(self._day.orders):
                group.create_task(self._guarded(order.name, self._order(number)))

    async def _shift(self, driver: DriverAgent, courier: Courier) -> None:
        await self.timeline.sleep_until(courier.on_at)
        self._on_duty.add(driver)
        await self._guarded(courier.name, driver.shift(courier.off_at))

    async def _order(self, number: int) -> None:
        order = self._day.orders[number]
        store_id, product_id = self._stores[order.shop]
        errand = Errand(
            store_id, product_id, quantity=1, address_id=self._addresses[number], kitchen=order.ready_at - order.placed_at,
            intention=order.intention, door=order.door,
        )  # fmt: skip
        mine: set[str] = set()

        def placed(order_id: str) -> None:
            mine.add(order_id)
            self._open.add(order_id)
            self._placed.append(order_id)

        await self.timeline.sleep_until(order.placed_at)
        try:
            await self._customers[number % len(self._customers)].buy(errand, placed)
        finally:
            self._open -= mine

    async def _guarded(self, who: str, life: Coroutine[Any, Any, None]) -> None:
        """Let one person's unexpected trouble stand in the report instead of ending the day for all."""
        try:
            await life
        except* (Problem, Unreachable) as troubles:
            self._incidents += [Finding("trouble", who, str(trouble)) for trouble in troubles.exceptions]

    async def _audit(self, admin: Account) -> list[Record]:
        """Read every order of the platform, its dossier and the verdict on it."""
        order_ids: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = await admin.get("/v1/admin/orders", limit=200, **({"cursor": cursor} if cursor else {}))
            order_ids += [order["id"] for order in page["items"]]
            cursor = page["next_cursor"]
        gate = asyncio.Semaphore(READERS)
        return await asyncio.gather(*(self._read(admin, order_id, gate) for order_id in order_ids))

    async def _read(self, admin: Account, order_id: str, gate: asyncio.Semaphore) -> Record:
        path = f"/v1/orders/{order_id}"
        async with gate:
            order, dossier = await admin.get(path), await admin.get(f"{path}/dossier")
            found = record(order, dossier, await admin.get(f"{path}/dossier/verify"))
        self.counts["dossier_verified"] += found.dossier_valid
        return found
