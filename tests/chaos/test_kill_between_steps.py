"""A process is killed (SIGKILL) before and after every statement of a change; its client tries again after the restart.

Whatever the moment, in the end the change was made once: nothing lost, nothing doubled, and the chain holds.
"""

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest

from shared.payments.reconciliation import reconcile
from shared.verification.rules import CONSENT_VERSION
from shared.wiring.payments import processor
from shared.wiring.storage import unit_of_work
from tests.chaos.process import FunctionProcess, Reply
from tests.chaos.wire import MOMENTS, Wire
from tests.fixtures.http import INTERNAL_TOKEN, Client, taken
from tests.fixtures.onfido import Onfido
from tests.fixtures.stripe import EVER, StripeWorld, payment_settings
from tests.fixtures.world import ADULT, CERTIFICATION, NEXT_DOOR, World


@dataclass(frozen=True)
class Attempt:
    """One request that is sent until it is answered, and what is known of its subject before it."""

    client: Client
    path: str
    body: dict[str, Any]
    key: str
    order_id: str | None = None


@pytest.fixture
def wire(database: str) -> Iterator[Wire]:
    opened = Wire(database)
    yield opened
    opened.close()


@pytest.mark.timeout(600)
def test_placing_an_order(world: World, wire: Wire) -> None:
    def prepare() -> Attempt:
        body = {"price_id": world.price()["id"], "certification_version": CERTIFICATION}
        return Attempt(world.customer, "/v1/orders", body, world.key())

    def check(attempt: Attempt, reply: Reply) -> None:
        assert reply.status == 201
        order = world.one(
            "SELECT order_id FROM prices JOIN orders USING (order_id) WHERE price_id = :id", id=attempt.body["price_id"]
        )
        assert reply.body["id"] == order["order_id"]
        assert happened(world, order["order_id"]) == {"order_created": 1}
        assert world.verdict(order["order_id"])["valid"]

    shelf = "SELECT sum(stock) AS left FROM products"
    stock, cases = world.one(shelf)["left"], 0
    for _ in every_kill(world, wire, "orders/create_order", prepare, check):
        cases += 1
        assert stock - world.one(shelf)["left"] == cases
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == cases


@pytest.mark.timeout(600)
def test_accepting_a_task(world: World, wire: Wire) -> None:
    driver = world.drivers[0]

    def prepare() -> Attempt:
        refresh(world, driver)
        order, offered, task_id = world.an_offered_order()
        return Attempt(offered, f"/v1/tasks/{task_id}/accept", {}, world.key(), order["id"])

    def check(attempt: Attempt, reply: Reply) -> None:
        assert (reply.status, reply.body["status"]) == (200, "assigned")
        order_id = str(attempt.order_id)
        assert world.read(order_id)["driver_id"] == driver.id
        assert happened(world, order_id)["driver_assigned"] == 1
        assert world.verdict(order_id)["valid"]
        offers = world.rows("SELECT status FROM offers WHERE order_id = :id", id=order_id)
        assert [offer["status"] for offer in offers] == ["accepted"]
        taken(world.admin.post(f"/v1/orders/{order_id}/cancel", {"reason": "other"}))

    cases = sum(1 for _ in every_kill(world, wire, "tasks/accept_task", prepare, check))
    assert world.one("SELECT offers_accepted FROM drivers")["offers_accepted"] == cases


@pytest.mark.timeout(600)
def test_accepting_a_trip(world: World, wire: Wire) -> None:
    """All of its tasks are the driver's in the end, or none was: never a part."""
    driver = world.drivers[0]

    def prepare() -> Attempt:
        refresh(world, driver)
        orders, offered, task_ids = world.an_offered_trip()
        return Attempt(offered, f"/v1/tasks/{task_ids[1]}/accept", {}, world.key(), orders[0]["id"])

    def check(attempt: Attempt, reply: Reply) -> None:
        assert (reply.status, reply.body["status"]) == (200, "assigned")
        held = world.rows("SELECT order_id FROM tasks WHERE status = 'assigned' AND driver_id = :id", id=driver.id)
        assert len(held) == 2
        assert world.one("SELECT count(*) AS active FROM trips WHERE status = 'active'")["active"] == 1
        for order_id in (row["order_id"] for row in held):
            assert happened(world, order_id)["driver_assigned"] == 1
            assert world.verdict(order_id)["valid"]
            taken(world.admin.post(f"/v1/orders/{order_id}/cancel", {"reason": "other"}))

    cases = sum(1 for _ in every_kill(world, wire, "tasks/accept_task", prepare, check))
    assert world.one("SELECT offers_accepted FROM drivers")["offers_accepted"] == cases


@pytest.mark.timeout(600)
def test_handing_over(world: World, wire: Wire) -> None:
    hand_over_and_over(world, wire, {})


@pytest.mark.timeout(600)
def test_handing_over_with_the_money_at_stripe(stripe_world: StripeWorld, wire: Wire) -> None:
    """Also between Stripe's capture and our knowing of it."""
    hand_over_and_over(stripe_world.world, wire, payment_settings(stripe_world.standin))
    with unit_of_work() as work:
        assert reconcile(work, processor("stripe"), EVER).differences == ()


def hand_over_and_over(world: World, wire: Wire, environment: dict[str, str]) -> None:
    driver = world.drivers[0]

    def prepare() -> Attempt:
        refresh(world, driver)
        order, at_door, _task = world.an_order_cleared_at_the_door()
        return Attempt(at_door, f"/v1/orders/{order['id']}/deliver/confirm", {}, world.key(), order["id"])

    def check(attempt: Attempt, reply: Reply) -> None:
        assert (reply.status, reply.body["status"]) == (200, "delivered")
        order_id = str(attempt.order_id)
        world.api.clock.advance(minutes=1)
        taken(world.platform.post("/internal/maintenance/finish_intents"))
        order = world.read(order_id)
        assert order["payment"]["captured_minor"] == order["money"]["total_minor"]
        events = happened(world, order_id)
        assert (events["delivered"], events["payment_captured"]) == (1, 1)
        assert world.verdict(order_id)["valid"]
        captures = world.rows(
            "SELECT status FROM payment_intents WHERE order_id = :id AND kind = 'capture'", id=order_id
        )
        assert [capture["status"] for capture in captures] == ["succeeded"]
        posted = world.rows("SELECT kind FROM ledger_transactions WHERE order_id = :id ORDER BY kind", id=order_id)
        assert [row["kind"] for row in posted] == ["capture", "driver_pay", "sale", "tip"]

    cases = sum(1 for _ in every_kill(world, wire, "orders/confirm_delivery", prepare, check, environment))
    payouts = world.one("SELECT d.earned_minor, (SELECT sum(payout_minor) FROM tasks) AS owed FROM drivers d")
    assert payouts["earned_minor"] == payouts["owed"]
    assert world.one("SELECT count(*) AS done FROM tasks WHERE status = 'done'")["done"] == cases


@pytest.mark.timeout(900)
def test_recording_a_sale(world: World, wire: Wire) -> None:
    """Sent again, as the broker does with a message that nobody acknowledged."""
    driver = world.drivers[0]

    def prepare() -> Attempt:
        refresh(world, driver)
        world.customer = world.api.register("customer")  # whose first sale of the year makes a key too
        order_id = world.a_delivered_order()[0]["id"]
        data = base64.b64encode(json.dumps({"order_id": order_id, "type": "delivered"}).encode()).decode()
        push = {"message": {"data": data, "messageId": f"msg-{order_id}"}, "subscription": "order_events.record_sale"}
        return Attempt(world.platform, "/internal/events/record_sale", push, world.key(), order_id)

    def check(attempt: Attempt, reply: Reply) -> None:
        assert reply.status == 200
        order_id = str(attempt.order_id)
        assert happened(world, order_id)["sale_recorded"] == 1
        assert world.verdict(order_id)["valid"]
        sealed = world.one(
            "SELECT s.ciphertext_sha256, e.sealed FROM delivery_sales s JOIN vault_entries e USING (entry_id) "
            "WHERE order_id = :id",
            id=order_id,
        )
        assert hashlib.sha256(sealed["sealed"]).hexdigest() == sealed["ciphertext_sha256"]

    cases = sum(1 for _ in every_kill(world, wire, "events/record_sale", prepare, check))
    assert world.one("SELECT count(*) AS entries FROM vault_entries WHERE kind = 'sale'")["entries"] == cases
    assert world.one("SELECT count(*) AS keys FROM vault_keys WHERE purpose = 'sales'")["keys"] == cases


@pytest.mark.timeout(600)
def test_checking_an_age(world: World, wire: Wire, onfido: Onfido) -> None:
    """Consent, the check and whom the vendor holds are each committed before the next is asked of it."""

    def prepare() -> Attempt:
        order, told = world.an_order(), {**ADULT, "consent_version": CONSENT_VERSION}
        return Attempt(world.customer, f"/v1/orders/{order['id']}/verify_age", told, world.key(), order["id"])

    def check(attempt: Attempt, reply: Reply) -> None:
        order_id = str(attempt.order_id)
        assert (reply.status, reply.body["status"]) == (202, "age_pending")
        opened = world.one("SELECT check_id, held_as FROM age_checks WHERE order_id = :id", id=order_id)
        assert onfido.run_of(opened["check_id"])["applicant_id"] == opened["held_as"]
        assert onfido.tell(onfido.decide(opened["check_id"])) == 204
        assert world.read(order_id)["status"] == "age_verified"
        assert happened(world, order_id) == {
            "order_created": 1, "biometric_consent_given": 1, "age_check_requested": 1, "age_check_passed": 1,
        }  # fmt: skip
        assert world.verdict(order_id)["valid"]

    cases = sum(1 for _ in every_kill(world, wire, "orders/verify_age", prepare, check))
    assert world.one("SELECT count(*) AS passed FROM age_checks WHERE status = 'passed'")["passed"] == cases


def every_kill(
    world: World, wire: Wire, source: str, prepare: Callable[[], Attempt], check: Callable[[Attempt, Reply], None],
    settings: dict[str, str] | None = None,
) -> Iterator[None]:  # fmt: skip
    """First undisturbed, to count the steps; then once for each step and moment. Yields after each was checked."""
    environment = (settings or {}) | {
        "DATABASE_URL": wire.url,
        "INTERNAL_TOKEN": INTERNAL_TOKEN,
        "CLOCK_FILE": str(world.api.clock.path),
        "POOL_SIZE": "2",
    }
    with serving(FunctionProcess(source, environment)) as process:
        attempt = prepare()
        wire.counting = True
        check(attempt, answered(send(process, attempt)))
        wire.counting = False
        yield
    steps = wire.steps
    assert steps >= 5, "the wire saw too little of the process to cut it anywhere"
    with ExitStack() as running:

        def begin() -> FunctionProcess:
            return running.enter_context(serving(FunctionProcess(source, environment)))

        process, next_one = begin(), begin()  # the next one starts while this one serves and dies
        for step, moment in product(range(1, steps + 1), MOMENTS):
            attempt = prepare()
            wire.arm(step, moment, process.kill)
            assert send(process, attempt) is None, f"step {step}: the process was to die before it answered"
            assert wire.cut, f"step {step}: nothing was cut"
            wire.disarm()
            process, next_one = next_one, begin()
            check(attempt, answered(send(process, attempt)))
            assert_published_once(world)
            yield


@contextmanager
def serving(process: FunctionProcess) -> Iterator[FunctionProcess]:
    try:
        yield process
    finally:
        process.kill()


def send(process: FunctionProcess, attempt: Attempt) -> Reply | None:
    headers = {
        "Authorization": f"Bearer {attempt.client.token}",
        "Idempotency-Key": attempt.key,
        "Content-Type": "application/json",
    }
    return process.request("POST", attempt.path, headers=headers, body=attempt.body)


def answered(reply: Reply | None) -> Reply:
    assert reply is not None, "the process did not answer"
    return reply


def refresh(world: World, driver: Client) -> None:
    """Dispatch looks only at drivers whose position is fresh."""
    position = {**NEXT_DOOR, "at": world.api.clock.advance(seconds=30).isoformat()}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [position]}))


def happened(world: World, order_id: str) -> Counter[str]:
    return Counter(world.events(order_id))


def assert_published_once(world: World) -> None:
    """The relay publishes what the crash left; every event of every order has then gone out exactly once."""
    world.api.clock.advance(minutes=2)
    taken(world.platform.post("/internal/outbox/relay"))
    assert world.one("SELECT count(*) AS left FROM outbox")["left"] == 0
    told = world.rows(
        """SELECT e.order_id, e.seq, count(d.message_id) AS times FROM dossier_events e
        LEFT JOIN broker_deliveries d ON d.subscription = 'order_events.project_tracking'
            AND d.data ->> 'order_id' = e.order_id AND CAST(d.data ->> 'seq' AS integer) = e.seq
        GROUP BY 1, 2 HAVING count(d.message_id) <> 1"""
    )
    assert told == []
