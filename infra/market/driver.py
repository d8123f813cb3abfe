"""A driver: goes online, tells where it is, answers offers, fetches, checks ID at the door, hands over or brings back."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from infra.market.accounts import Account
from infra.market.client import Json, Problem
from infra.market.world import Door, Leg, World, drive, place, wire
from shared.kernel.clock import rfc3339
from shared.kernel.positions import Position

DOCUMENTS = ("licence", "insurance", "registration", "background_check", "driving_record", "photo")
ATTESTED = {"licence": ["age_21"], "insurance": ["delivery_endorsement"]}
LOOK_AGAIN = timedelta(seconds=15)
"""Between two tries while something is not possible yet."""

SOMETHING_TO_DO: Json = {}
"""Stands in the queue of offers for one that was accepted on the way."""


@dataclass(frozen=True, slots=True)
class DriverHabits:
    """How a driver moves and answers. `accepts` and `rejects` are probabilities; what is left is not answered at all."""

    m_per_min: float = 500.0
    whole_minutes: bool = False
    pickup_service: timedelta = timedelta(minutes=2)
    dropoff_service: timedelta = timedelta(minutes=2)
    reports_every_s: float = 45.0
    reports_on_the_way_every_s: float = 15.0
    answers_within_s: float = 8.0
    accepts: float = 0.88
    rejects: float = 0.07


class CalledOff(Exception):
    """The task was taken back while the driver was on its way."""


class DriverAgent:
    def __init__(self, world: World, account: Account, habits: DriverHabits, home: Position, random: Random) -> None:
        self._world = world
        self._account = account
        self._habits = habits
        self._random = random
        self._offers: asyncio.Queue[Json | None] = asyncio.Queue()
        self._heard: set[str] = set()
        self._called_off = asyncio.Event()
        self._on_the_way = False
        self._free_at = world.timeline.now()
        self._leg = Leg.standing(home, self._free_at)
        self.driver_id = account.tenant_id
        self.path = f"/v1/drivers/{self.driver_id}"

    async def enrol(self, first_name: str, admin: Account, documents_expire_on: str) -> None:
        """Make a profile and file every document; the platform's own people verify them."""
        await self._account.post(
            "/v1/drivers", {"first_name": first_name, "region_id": "dfw", "vehicle": {"kind": "car", "make": "Prius"}}
        )
        held = {document["kind"] for document in (await self._account.get(f"{self.path}/documents"))["items"]}
        for kind in DOCUMENTS:
            if kind in held:
                continue
            body = {"kind": kind, "vendor_token": f"tok_{kind}", "issuer": "TX DPS", "expires_on": documents_expire_on}
            document = await self._account.post(f"{self.path}/documents", body)
            review = f"/v1/admin/drivers/{self.driver_id}/documents/{document['id']}/review"
            await admin.post(review, {"decision": "verify", "attested": ATTESTED.get(kind, [])})

    async def shift(self, until: datetime) -> None:
        """Work from now until `until`, and then as long as it takes to finish what is under way."""
        position = wire(self._leg.at(self._world.timeline.now()))
        await self._account.post(f"{self.path}/online", {"position": position, "shift_ends_at": rfc3339(until)})
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(self._listen(group)),
                group.create_task(self._report()),
                group.create_task(self._end(until)),
            ]
            await self._work()
            for helper in helpers:
                helper.cancel()

    def go_home(self) -> None:
        """End the shift once what is under way is finished."""
        self._offers.put_nowait(None)

    async def _end(self, until: datetime) -> None:
        await self._world.timeline.sleep_until(until)
        self.go_home()

    async def _listen(self, answering: asyncio.TaskGroup) -> None:
        async for event in self._account.follow(f"{self.path}/stream"):
            if event.name == "connected":
                work = await self._account.get(f"{self.path}/task")
                if work["offer"] is not None:
                    self._hear(work["offer"]["id"], work["offer"], answering)
            elif event.name == "offer":
                self._world.timeline.note_offer(datetime.fromisoformat(event.data["at"]))
                self._hear(event.data["offer_id"], event.data, answering)
            elif event.name == "task" and event.data["status"] in ("cancelled", "released"):
                self._called_off.set()

    def _hear(self, offer_id: str, offer: Json, answering: asyncio.TaskGroup) -> None:
        """An offer that comes on the way is answered on the way: it asks for an order to join the trip."""
        if offer_id not in self._heard:
            self._heard.add(offer_id)
            self._world.happened("offered", offer["order_id"], driver_id=self.driver_id)
            if self._on_the_way:
                answering.create_task(self._answer(offer))
            else:
                self._offers.put_nowait(offer)

    async def _report(self) -> None:
        """Tell where it is, at even intervals."""
        timeline, habits = self._world.timeline, self._habits
        await timeline.sleep(self._random.uniform(0, habits.reports_every_s))
        while True:
            now = timeline.now()
            position = {**wire(self._leg.at(now)), "at": rfc3339(now)}
            await self._account.post(f"{self.path}/location", {"positions": [position]})
            moving = now < self._leg.arrives
            await timeline.sleep(habits.reports_on_the_way_every_s if moving else habits.reports_every_s)

    async def _work(self) -> None:
        """Finish what an earlier run left, then take offers until the shift is over and it may go offline."""
        await self._carry_out()
        while True:
            offer = await self._offers.get()
            if offer is SOMETHING_TO_DO:
                await self._carry_out()
            elif offer is not None:
                await self._answer(offer)
            elif await self._go_offline():
                return

    async def _go_offline(self) -> bool:
        try:
            await self._account.post(f"{self.path}/offline")
        except Problem as problem:
            if problem.status != 409:
                raise
            await self._carry_out()
            self.go_home()
            return False
        return True

    async def _task(self) -> Json | None:
        task: Json | None = (await self._account.get(f"{self.path}/task"))["task"]
        return task

    async def _answer(self, offer: Json) -> None:
        """Accept, reject or let it pass. An offer that another driver or the clock has ended is let go."""
        await self._world.timeline.sleep(self._random.uniform(0, self._habits.answers_within_s))
        chance = self._random.random()
        path = f"/v1/tasks/{offer['task_id']}"
        try:
            if chance < self._habits.accepts:
                await self._account.post(f"{path}/accept")
                self._world.happened("accepted", offer["order_id"], driver_id=self.driver_id)
                self._offers.put_nowait(SOMETHING_TO_DO)
            elif chance < self._habits.accepts + self._habits.rejects:
                await self._account.post(f"{path}/reject", {"reason": "too_far"})
                self._world.happened("rejected", offer["order_id"], driver_id=self.driver_id)
        except Problem as problem:
            if problem.status not in (404, 409):
                raise

    async def _carry_out(self) -> None:
        """One stop of the trip after the other, until there is nothing more to do on it."""
        self._on_the_way = True
        task = await self._task()
        while task is not None:
            self._called_off.clear()
            try:
                task = await self._step(task)
            except CalledOff:
                task = await self._task()
            except Problem as problem:
                if problem.status not in (404, 409):
                    raise
                await self._world.timeline.sleep(LOOK_AGAIN.total_seconds())
                task = await self._task()
        self._on_the_way = False

    async def _step(self, task: Json) -> Json | None:
        path = f"/v1/tasks/{task['id']}"
        if task["status"] == "assigned":
            self._free_at = max(self._free_at, self._world.timeline.now())
            await self._go_to(place(task["pickup"]))
            return await self._account.post(f"{path}/arrive_pickup")
        if task["status"] == "at_pickup":
            return await self._fetch(task, path)
        if task["status"] == "carrying":
            await self._go_to(place(task["dropoff"]))
            return await self._account.post(f"{path}/arrive_dropoff")
        if task["kind"] == "return":
            return await self._bring_back(task)
        return await self._hand_over(task)

    async def _go_to(self, destination: Position) -> None:
        """Leave when hands are free, however late that is noticed. Raises CalledOff on the way when the task is taken back."""
        timeline, habits = self._world.timeline, self._habits
        here = self._leg.at(self._free_at)
        self._leg = drive(here, destination, self._free_at, habits.m_per_min, whole_minutes=habits.whole_minutes)
        arrival = asyncio.create_task(timeline.sleep_until(self._leg.arrives))
        calling_off = asyncio.create_task(self._called_off.wait())
        try:
            await asyncio.wait({arrival, calling_off}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            arrival.cancel()
            calling_off.cancel()
        if self._called_off.is_set():
            self._free_at = timeline.now()
            self._leg = Leg.standing(self._leg.at(self._free_at), self._free_at)
            raise CalledOff

    async def _fetch(self, task: Json, path: str) -> Json | None:
        """Half the service time before the goods are in hand, half after; wait for the kitchen in between."""
        half, timeline = self._habits.pickup_service / 2, self._world.timeline
        moment = max(self._leg.arrives + half, datetime.fromisoformat(task["ready_at"]))
        while True:
            await timeline.sleep_until(moment)
            try:
                task = await self._account.post(f"{path}/pickup")
                break
            except Problem as problem:
                if problem.code != "goods_not_ready":
                    raise
            moment = timeline.now() + LOOK_AGAIN
        self._free_at = moment + half
        self._world.happened("picked_up", task["order_id"], driver_id=self.driver_id)
        return await self._task()

    async def _hand_over(self, task: Json) -> Json | None:
        """Check the ID of whoever opens, when the goods are restricted; hand over, or refuse and take the goods back."""
        half, order_id = self._habits.dropoff_service / 2, task["order_id"]
        door = self._world.doors.get(order_id, Door.GOOD)
        path = f"/v1/orders/{order_id}"
        await self._world.timeline.sleep_until(self._leg.arrives + half)
        self._free_at = self._leg.arrives + 2 * half
        opens = door not in (Door.NOBODY_HOME, Door.DECLINES)
        if opens and (not task["restricted"] or await self._check_id(path, order_id, door)):
            await self._account.post(f"{path}/deliver/confirm", {"left_at_door": False})
            self._world.happened("delivered", order_id, driver_id=self.driver_id)
            return await self._task()
        await self._account.post(f"{path}/refuse", {"reason": door.value})
        self._world.happened("refused", order_id, driver_id=self.driver_id, reason=door.value)
        return await self._task()

    async def _check_id(self, path: str, order_id: str, door: Door) -> bool:
        outcome = {
            "method": "scan",
            "document_read": True,
            "over_age": door != Door.UNDERAGE,
            "expired": door == Door.ID_EXPIRED,
            "photo_match": door != Door.ID_MISMATCH,
            "signature_sha256": hashlib.sha256(order_id.encode()).hexdigest(),
        }
        return bool((await self._account.post(f"{path}/doorstep_id_check/submit", outcome))["passed"])

    async def _bring_back(self, task: Json) -> Json | None:
        """Lay the goods on the counter and wait until the store has confirmed."""
        order = await self._account.get(f"/v1/orders/{task['order_id']}")
        self._world.bring_back(order["merchant_id"], order["id"])
        while (now := await self._task()) is not None and now["id"] == task["id"]:
            await self._world.timeline.sleep(LOOK_AGAIN.total_seconds())
        return now
