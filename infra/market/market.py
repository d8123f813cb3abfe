"""The live market of `make run`: stores, drivers and customers who come and go for as long as the product runs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from infra.market.accounts import Account, Household
from infra.market.client import Api, Problem, Unreachable
from infra.market.customer import CustomerAgent, Errand
from infra.market.driver import DriverAgent, DriverHabits
from infra.market.generated import scatter
from infra.market.merchant import Goods, MerchantAgent, MerchantHabits
from infra.market.timeline import Timeline
from infra.market.world import Door, Intention, Tell, World
from shared.kernel.clock import Clock
from shared.kernel.positions import Position
from shared.simulation.files import CENTRE, Projection
from shared.wiring.clock import PacedClock, clock

STORES, DRIVERS, CUSTOMERS = 12, 60, 80
CITY_RADIUS_M = 4_000.0
SHIFT, BREAK = timedelta(hours=6), timedelta(minutes=20)
LIFE_AGAIN_S = 20.0
"""Seconds of the clock after which somebody in trouble starts over."""

NAMES = (
    "Cloud Nine", "Lone Star", "Deep Ellum", "Bluebonnet", "Trinity", "Reunion", "Pecan", "Mockingbird", "Oak Cliff",
    "Fair Park", "Uptown", "Cedars",
)  # fmt: skip
FIRST_NAMES = (
    "Ana", "Ben", "Cleo", "Dev", "Eli", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kay", "Leo", "Mia", "Ned", "Ola", "Pia",
)  # fmt: skip
GOODS = (
    Goods("Disposable vape, 5000 puffs", "disposables", 1_899),
    Goods("Pod kit, graphite", "devices", 3_450),
    Goods("Replacement pods, pack of 4", "pods", 1_799),
    Goods("E-liquid, mint, 30 ml", "liquids", 1_650),
    Goods("Sparkling water", "drinks", 249, restricted=False),
)

HOURLY = (
    0.7, 0.6, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.7, 0.8, 0.9,
    1.0, 0.9, 0.8, 0.8, 0.9, 1.0, 1.2, 1.3, 1.3, 1.2, 1.0, 0.8,
)  # fmt: skip
"""Demand by local hour, relative to the rate asked for."""

ODDS: tuple[tuple[float, Intention, Door], ...] = (
    (0.86, Intention.BUY, Door.GOOD),
    (0.03, Intention.CANCEL, Door.GOOD),
    (0.03, Intention.SECOND_CARD, Door.GOOD),
    (0.02, Intention.CARD_DECLINED, Door.GOOD),
    (0.01, Intention.UNDERAGE, Door.GOOD),
    (0.02, Intention.BUY, Door.UNDERAGE),
    (0.01, Intention.BUY, Door.ID_EXPIRED),
    (0.01, Intention.BUY, Door.NOBODY_HOME),
    (0.01, Intention.BUY, Door.DECLINES),
)
"""How likely a customer goes about an order in which way."""

FIRST_CUSTOMER_S = 20.0
"""Nobody who has just started a market should have to wait long for something to happen."""

DALLAS = ZoneInfo("America/Chicago")


@dataclass(slots=True)
class Market:
    """Everybody who takes part. `rate` is orders per hour of the clock on an average hour."""

    api: Api
    world: World
    admin: Account
    household: Household
    rate: float
    seed: int
    customers: dict[int, CustomerAgent] = field(default_factory=dict)

    async def run(self) -> None:
        """Sign everybody in and let them live, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(STORES):
                group.create_task(self._forever(partial(self._keep_shop, number)))
            for number in range(DRIVERS):
                group.create_task(self._forever(partial(self._drive, number)))
            await self._customers_arrive(group)

    async def _forever(self, life: Callable[[], Awaitable[None]]) -> None:
        """Start over after trouble, and say what it was."""
        while True:
            try:
                await life()
            except* (Problem, Unreachable) as troubles:
                self.world.happened("trouble", "", what=[str(trouble) for trouble in troubles.exceptions])
            await self.world.timeline.sleep(LIFE_AGAIN_S)

    async def _keep_shop(self, number: int) -> None:
        name, random = f"{NAMES[number]} Vapor", Random(f"{self.seed}:store:{number}")
        account = await self.household.account("merchant", number, name)
        agent = MerchantAgent(
            self.world, account, MerchantHabits(rejects=0.02, answers_within=timedelta(seconds=45)), random
        )
        await agent.apply(name, self.admin)
        await agent.open_stores([(name, somewhere(random))], GOODS, self.admin)
        await agent.keep_shop()

    async def _drive(self, number: int) -> None:
        name, random = FIRST_NAMES[number % len(FIRST_NAMES)], Random(f"{self.seed}:driver:{number}")
        account = await self.household.account("driver", number, name)
        agent = DriverAgent(self.world, account, DriverHabits(), somewhere(random), random)
        timeline = self.world.timeline
        await agent.enrol(name, self.admin, (timeline.now() + timedelta(days=365)).date().isoformat())
        while True:
            await agent.shift(timeline.now() + SHIFT * random.uniform(0.5, 1.5))
            await timeline.sleep(BREAK.total_seconds())

    async def _customers_arrive(self, group: asyncio.TaskGroup) -> None:
        """A Poisson process whose rate follows the local hour."""
        timeline, random, served = self.world.timeline, Random(), 0
        while True:
            per_s = self.rate / 3600 * HOURLY[timeline.now().astimezone(DALLAS).hour]
            await timeline.sleep(random.expovariate(per_s) if served else FIRST_CUSTOMER_S)
            group.create_task(self._visit(served % CUSTOMERS, random))
            served += 1

    async def _visit(self, number: int, random: Random) -> None:
        """One customer looks around, and orders where something pleases."""
        try:
            if number not in self.customers:
                name = f"Customer {number + 1}"
                account = await self.household.account("customer", number, name)
                self.customers[number] = CustomerAgent(self.world, account, name)
            await self._shop(self.customers[number], random)
        except (Problem, Unreachable) as trouble:
            self.world.happened("trouble", "", what=[str(trouble)])

    async def _shop(self, customer: CustomerAgent, random: Random) -> None:
        home = somewhere(random)
        stores = [store for store in await customer.browse(home) if store["open"]]
        if not stores:
            return
        store = random.choice(stores[:4])
        if not (menu := await customer.menu(store["id"], home)):
            return
        [(_, intention, door)] = random.choices(ODDS, [odds for odds, _, _ in ODDS])
        errand = Errand(
            store["id"], random.choice(menu)["id"], random.randint(1, 2), await customer.move_to("Home", home),
            kitchen=timedelta(minutes=random.uniform(3, 14)), intention=intention, door=door, looks_every=timedelta(minutes=2),
            changes_mind_after=timedelta(minutes=random.uniform(1, 10)), patience=timedelta(minutes=75),
        )  # fmt: skip
        orders: list[str] = []
        status = await customer.buy(errand, orders.append)
        await self._verify(orders[0], status)

    async def _verify(self, order_id: str, status: str) -> None:
        verdict = await self.admin.get(f"/v1/orders/{order_id}/dossier/verify")
        kind = "dossier_verified" if verdict["valid"] else "dossier_broken"
        self.world.happened(kind, order_id, status=status, length=verdict["length"])


async def run_market(
    base_url: str, email: str, password: str, home: Path, *, rate: float, seed: int, stop: asyncio.Event, tell: Tell
) -> None:
    """Run until `stop` is set. `email` and `password` are an administrator's; accounts are kept in `home`."""
    source = clock()
    timeline = Timeline(source, speed_of(source))
    async with Api(base_url, timeline) as api:
        admin = Account(api, email, password)
        await admin.sign_in()
        market = Market(api, World(timeline, tell), admin, Household(api, home / "market_accounts.json"), rate, seed)
        running, stopped = asyncio.create_task(market.run()), asyncio.create_task(stop.wait())
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        running.cancel()
        await asyncio.wait({running})
        if not running.cancelled():
            running.result()


def speed_of(source: Clock) -> Callable[[], float]:
    """How fast a clock runs; the machine's own does at 1."""
    return (lambda: source.speed) if isinstance(source, PacedClock) else (lambda: 1.0)


def somewhere(random: Random) -> Position:
    return Projection(0.0, 0.0, CENTRE).position(*scatter(random, (0.0, 0.0), CITY_RADIUS_M))
