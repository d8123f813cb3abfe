"""The storm: orders that live at the same time, each to its own end, while two vendors fail at random.

A life is a generator: it goes on until it has to wait for somebody, and yields. Between two turns webhooks come, and chores run.
"""

import random
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from flask import Response

from infra.standins.onfido.records import Json
from shared.verification.rules import CONSENT_VERSION
from tests.fixtures.http import Client, refused, taken
from tests.fixtures.onfido import Onfido
from tests.fixtures.stripe import StripeWorld
from tests.fixtures.world import ADULT, MINOR, NEXT_DOOR, PASSING_CHECK, World

FAILING = 0.2
SEED = 20_261_121
AT_ONCE = 12
"""Orders that live at the same time."""
TURNS_A_MINUTE = 3
MOST_SWEEPS = 100
TRIES = 60
"""How often a patient customer sends the same request."""

ENDINGS = ("deliver",) * 6 + (
    "deliver_in_a_hurry", "refuse", "cancel", "second_card", "give_up", "give_back", "give_back_in_parts", "hold_nears_its_end",
)  # fmt: skip
SHOPPERS = ("Rivers",) * 8 + ("Declined", "Review", "Abandoned", "Error", "young", "leaves", "cancels", "hurries")
"""Surnames, by which the vendor decides, and what else becomes of a check: who says to be too young, leaves at the first
failure without a word, cancels while the vendor is at it, or tries to pay before it is done."""
CHORES = ("finish_intents", "finish_age_checks", "renew_holds", "forget_strays")

Life = Generator[None, None, None]
Proving = Generator[None, None, bool]

_ENDED = object()


@dataclass
class Storm:
    """`stores` is the market with each of its stores in turn, whose sellers have accounts of their own; `failing` the share of
    calls that fail. `decided` is how each run of a check ended at the vendor, by its id; `early` what webhooks were answered with
    that came before the answer to the request that began their run; `hurried` what those were who tried to go past a gate."""

    found: StripeWorld
    onfido: Onfido
    stores: list[World]
    failing: float = FAILING
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    decided: dict[str, Json] = field(default_factory=dict)
    early: Counter[int] = field(default_factory=Counter)
    hurried: Counter[int] = field(default_factory=Counter)
    _mail: list[Callable[[], Response]] = field(default_factory=list)
    _runs: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.found.world

    def rage(self, orders: int) -> Iterator[int]:
        """Live through so many orders; yields how many have come to their end after each turn."""
        self.onfido.behaviour.after_run = self._begun
        self._fail(self.failing)
        coming = [self._life() for _ in range(orders)]
        lives: list[Life] = []
        for turn in count(1):
            while coming and len(lives) < AT_ONCE:
                lives.append(coming.pop())
            if not lives:
                return
            self.chance.shuffle(lives)
            lives = [life for life in lives if next(life, _ENDED) is not _ENDED]
            self._deliver_mail()
            if turn % TURNS_A_MINUTE == 0:
                self._sweep(minutes=1)
            yield orders - len(coming) - len(lives)

    def calm_down(self) -> None:
        """The vendors work again, and what is open is finished; as far as it can be within hours."""
        self._fail(0.0)
        for faults in (self.found.standin.faults, self.onfido.behaviour.faults):
            faults.settle()
        self.world.api.clock.advance(minutes=31)
        taken(self.world.platform.post("/internal/maintenance/flag_stuck_orders"))
        for _ in range(MOST_SWEEPS):
            self._sweep(minutes=3)
            if not any(self.world.one(_OPEN).values()):
                break
        self._mail += [partial(self.found.deliver, event) for event in self.found.standin.take_events()]
        for delivery in self._mail:
            assert delivery().status_code < 300

    def _fail(self, rate: float) -> None:
        self.found.standin.faults.rate = self.onfido.behaviour.faults.rate = rate

    # One order

    def _life(self) -> Life:
        world, ending = self.chance.choice(self.stores), self.chance.choice(ENDINGS)
        order = world.an_order(world.shop.products[self.chance.choice((0, 0, 1))])
        if order["age_check"]["status"] == "required" and not (yield from self._prove_age(order)):
            return
        if ending == "second_card":
            yield from self._pay(order, "tok_chargeDeclined")
        paid = yield from self._pay(order, "tok_visa", patient=ending != "give_up")
        if not paid or ending in ("cancel", "give_up"):
            taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "too_slow"}))
            return
        if ending == "hold_nears_its_end":
            yield from self._renew_hold(order)
        self._bring(world, order, ending)
        if ending.startswith("give_back"):
            yield from self._give_back(order, (0.3, 0.7) if ending == "give_back_in_parts" else (1.0,))

    def _prove_age(self, order: Json) -> Proving:
        """Whether the order may be paid. An answer that says nothing about the customer is followed by another try."""
        shopper = self.chance.choice(SHOPPERS)
        while self._status(order) == "created":
            told = MINOR if shopper == "young" else {**ADULT, "consent_version": CONSENT_VERSION}
            if shopper in ("Declined", "Review", "Abandoned", "Error"):
                told = {**told, "full_name": f"Jordan {shopper}"}
            answer = yield from self._send(
                f"/v1/orders/{order['id']}/verify_age", told, 1 if shopper == "leaves" else TRIES
            )
            if answer is None:
                return False
            if shopper == "hurries" and self._status(order) == "age_pending":
                self._try(
                    self.world.customer, f"/v1/orders/{order['id']}/payment/authorize", {"payment_method": "tok_visa"}
                )
            if shopper == "cancels" and self._status(order) == "age_pending":
                taken(self.world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
            yield from self._take_pictures(order, answer.get("sdk_token"))
            shopper = "Rivers"
        return self._status(order) in ("age_verified", "payment_authorized")

    def _take_pictures(self, order: Json, sdk_token: str | None) -> Life:
        """The customer is done in a turn or two, and the vendor tells of it; if nobody hears, the sweeper asks."""
        while self._status(order) == "age_pending":
            run_id = self._runs.get(sdk_token or "")
            if run_id is not None and run_id not in self.decided and self.chance.random() < 0.7:
                self._mail.append(partial(self._tell, self._decide(run_id)))
            yield

    def _pay(self, order: Json, card: str, *, patient: bool = True) -> Proving:
        """Whether the processor answered."""
        path = f"/v1/orders/{order['id']}/payment/authorize"
        answer = yield from self._send(path, {"payment_method": card}, TRIES if patient else 1)
        return answer is not None

    def _send(self, path: str, command: Json, tries: int) -> Generator[None, None, Json | None]:
        """A customer's request under one key, until it is answered, or refused as what it asked for has ended meanwhile; None
        for one who gave up."""
        key = self.world.key()
        for _ in range(tries):
            answer = self.world.customer.post(path, command, key=key)
            if answer.status_code == 409:
                return refused(answer, 409, "not_possible_now")
            if answer.status_code != 503:
                return taken(answer)
            yield
        return None

    def _renew_hold(self, order: Json) -> Life:
        """A newer hold takes the place of one that ends soon; by then it may have ended before it is given back."""
        hold = "SELECT account, reference FROM payment_intents WHERE order_id = :id AND status = 'succeeded'"
        old = self.world.one(hold, id=order["id"])
        self.found.nears_its_end(order["id"])
        while not self.world.rows(
            "SELECT 1 FROM payment_intents WHERE order_id = :id AND status = 'superseded'", id=order["id"]
        ):
            yield
        self.found.standin.lapse(old["account"], old["reference"])

    def _bring(self, world: World, order: Json, ending: str) -> None:
        path = f"/v1/orders/{order['id']}"
        taken(world.act(order["id"], action="accept", prep_minutes=5))
        taken(world.act(order["id"], action="ready"))
        driver = world.drivers[0]
        report(world, driver)
        assert world.tick()["offers"] == 1
        task_id = world.task_of(order)
        for step in ("accept", "arrive_pickup", "pickup", "arrive_dropoff"):
            taken(driver.post(f"/v1/tasks/{task_id}/{step}", key=world.key()))
        if ending == "refuse":
            self._bring_back(world, driver, order)
            return
        if ending == "deliver_in_a_hurry" and order["restricted"]:
            self._try(driver, f"{path}/deliver/confirm", {})
        if order["restricted"] and self._status(order) == "arrived":
            assert taken(driver.post(f"{path}/doorstep_id_check/submit", PASSING_CHECK, key=world.key()))["passed"]
        if self._status(order) != "delivered":
            taken(driver.post(f"{path}/deliver/confirm", key=world.key()))

    def _bring_back(self, world: World, driver: Client, order: Json) -> None:
        path = f"/v1/orders/{order['id']}"
        taken(driver.post(f"{path}/refuse", {"reason": "underage"}, key=world.key()))
        taken(driver.post(f"/v1/tasks/{world.task_of(order)}/arrive_dropoff"))
        taken(world.shop.merchant.post(f"{path}/return/confirm", {"condition": "sealed"}))

    def _try(self, client: Client, path: str, command: Json) -> None:
        """Somebody asks for what a gate is to refuse. Whether it did is seen in the end, and not believed here."""
        self.hurried[client.post(path, command, key=self.world.key()).status_code] += 1

    def _give_back(self, order: Json, parts: tuple[float, ...]) -> Life:
        """Support gives back what was captured, one refund after the other."""
        for part in parts:
            while self.world.one("SELECT payment_status FROM orders WHERE order_id = :id", id=order["id"]) != {
                "payment_status": "captured"
            }:
                yield
            refund = {"amount_minor": round(order["money"]["total_minor"] * part), "reason": "late"}
            taken(self.world.admin.post(f"/v1/orders/{order['id']}/refund", refund, key=self.world.key()))

    def _status(self, order: Json) -> str:
        return str(self.world.one("SELECT status FROM orders WHERE order_id = :id", id=order["id"])["status"])

    # The world around them

    def _begun(self, run: Json) -> None:
        """A run was created at the vendor, and its request is not answered yet; now and then all is over before it is."""
        self._runs[run["sdk_token"]] = run["id"]
        if self.chance.random() < 0.15:
            told = self._decide(run["id"])
            self.early[self._tell(told).status_code] += 1
            self._mail.append(partial(self._tell, told))

    def _decide(self, run_id: str) -> Json:
        """End a run at the vendor; the run as it tells of it."""
        run = self.onfido.records.decide(run_id)
        self.decided[run_id] = run
        return run

    def _tell(self, run: Json) -> Response:
        body = self.onfido.webhook.body(run)
        headers = {"X-SHA2-Signature": self.onfido.webhook.signature(body), "Content-Type": "application/json"}
        return self.world.api.call("POST", "/webhooks/onfido", data=body, headers=headers)

    def _deliver_mail(self) -> None:
        """Shuffled, some twice, some only with a later turn's, some never; a delivery that fails comes again."""
        mail = [*self._mail, *(partial(self.found.deliver, event) for event in self.found.standin.take_events())]
        mail = [delivery for delivery in mail if self.chance.random() < 0.9]
        mail += [delivery for delivery in mail if self.chance.random() < 0.2]
        self.chance.shuffle(mail)
        self._mail = []
        for delivery in mail:
            if self.chance.random() < 0.3 or not self._taken(delivery):
                self._mail.append(delivery)

    def _taken(self, delivery: Callable[[], Response]) -> bool:
        status = delivery().status_code
        assert status in (200, 204, 503)
        return status != 503

    def _sweep(self, *, minutes: int) -> None:
        self.world.api.clock.advance(minutes=minutes)
        for chore in CHORES:
            assert self.world.platform.post(f"/internal/maintenance/{chore}").status_code in (200, 503)


def report(world: World, driver: Client) -> None:
    """Dispatch looks only at drivers whose position is fresh."""
    position = {**NEXT_DOOR, "at": world.api.clock.advance(seconds=2).isoformat()}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [position]}))


_OPEN = """
    SELECT (SELECT count(*) FROM payment_intents WHERE status IN ('pending', 'unknown')) AS intents,
           (SELECT count(*) FROM age_checks WHERE status = 'pending' OR held_as IS NOT NULL) AS checks
"""
