"""Everybody at once, on real Postgres: one wins, the others hear so, and nothing exists twice."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Response

from tests.fixtures.http import Client, refused, taken
from tests.fixtures.world import ADULT, CERTIFICATION, World

CROWD = 50


@pytest.fixture(autouse=True)
def room_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POOL_SIZE", str(CROWD + 5))


def all_at_once(acts: Sequence[Callable[[], Response]]) -> list[Response]:
    """Every act in a thread of its own, none starting before all are ready."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Response]) -> Response:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(run, acts))


def codes(answers: Sequence[Response]) -> Counter[str]:
    return Counter("ok" if answer.status_code < 300 else answer.get_json()["code"] for answer in answers)


def test_fifty_drivers_accept_the_same_task_at_the_same_instant_and_one_wins(world: World) -> None:
    order, winner, task_id = world.an_offered_order()
    rivals = [a_driver_of_the_region(world) for _ in range(CROWD - 1)]
    answers = all_at_once(
        [
            lambda driver=driver: driver.post(f"/v1/tasks/{task_id}/accept", key="now")  # type: ignore[misc]
            for driver in [*rivals[:25], winner, *rivals[25:]]
        ]
    )
    assert codes(answers) == {"ok": 1, "already_assigned": CROWD - 1}
    assert world.read(order["id"])["driver_id"] == winner.id
    assert Counter(world.events(order["id"]))["driver_assigned"] == 1
    assert world.verdict(order["id"])["valid"]


def test_a_driver_who_taps_twenty_times_has_one_task(world: World) -> None:
    order, driver, task_id = world.an_offered_order()
    answers = all_at_once(
        [lambda n=n: driver.post(f"/v1/tasks/{task_id}/accept", key=f"tap-{n}") for n in range(20)]  # type: ignore[misc]
    )
    assert codes(answers) == {"ok": 1, "offer_ended": 19}
    assert Counter(world.events(order["id"]))["driver_assigned"] == 1


def test_two_ticks_at_once_make_no_second_offer(world: World) -> None:
    world.hire_driver()
    for _ in range(3):
        world.a_ready_order()
    slot = int(world.api.clock.advance(seconds=3).timestamp())
    answers = all_at_once(
        [lambda: world.platform.post("/internal/dispatch/tick?region_id=dfw", {"slot": slot}) for _ in range(6)]
    )
    outcomes = Counter(taken(answer)["outcome"] for answer in answers)
    assert outcomes == {"ran": 1, "taken": 5}
    live = world.rows("SELECT task_id, driver_id FROM offers WHERE status = 'offered'")
    assert len(live) == 2
    assert len({offer["task_id"] for offer in live}) == len({offer["driver_id"] for offer in live}) == 2


def test_an_acceptance_and_a_cancellation_meet_and_one_of_them_stands(world: World) -> None:
    order, driver, task_id = world.an_offered_order()
    accepted, cancelled = all_at_once(
        [
            lambda: driver.post(f"/v1/tasks/{task_id}/accept", key="a"),
            lambda: world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}),
        ]
    )
    assert taken(cancelled)["status"] == "cancelled"
    assert accepted.status_code in (200, 409)
    assert world.one("SELECT status FROM tasks")["status"] == "cancelled"
    assert world.rows("SELECT 1 FROM offers WHERE status = 'offered'") == []
    assert taken(driver.get(f"/v1/drivers/{driver.id}/task")) == {
        "offer": None,
        "task": None,
        "trip": None,
        "hint": None,
    }
    assert world.verdict(order["id"])["valid"]


def test_an_acceptance_at_the_deadline_meets_the_expiry(world: World) -> None:
    order, driver, task_id = world.an_offered_order()
    offer = world.one("SELECT offer_id FROM offers")
    world.api.clock.advance(seconds=31)
    accepted, *expiries = all_at_once(
        [
            lambda: driver.post(f"/v1/tasks/{task_id}/accept", key="a"),
            *[lambda: world.platform.post("/internal/dispatch/expire_offer", {"offer_id": offer["offer_id"]})] * 5,
        ]
    )
    refused(accepted, 409, "offer_ended")
    assert all(expiry.status_code == 200 for expiry in expiries)
    assert world.one("SELECT status FROM offers")["status"] == "expired"
    assert world.one("SELECT status, attempts FROM tasks") == {"status": "open", "attempts": 1}
    assert world.read(order["id"])["status"] == "ready"


def test_the_last_piece_on_the_shelf_is_sold_once(world: World) -> None:
    last = world.shop.stock(stock=1)
    prices = [world.price(last)["id"] for _ in range(8)]
    answers = all_at_once(
        [
            lambda price_id=price_id: world.customer.post(  # type: ignore[misc]
                "/v1/orders", {"price_id": price_id, "certification_version": CERTIFICATION}, key=price_id
            )
            for price_id in prices
        ]
    )
    assert codes(answers) == {"ok": 1, "out_of_stock": 7}
    assert world.one("SELECT stock FROM products WHERE product_id = :id", id=last)["stock"] == 0
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_a_price_is_redeemed_once(world: World) -> None:
    command = {"price_id": world.price()["id"], "certification_version": CERTIFICATION}
    answers = all_at_once(
        [lambda n=n: world.customer.post("/v1/orders", command, key=f"k{n}") for n in range(8)]  # type: ignore[misc]
    )
    assert codes(answers) == {"ok": 1, "price_expired": 7}


def test_a_payment_is_authorised_once_however_often_the_button_is_pressed(world: World) -> None:
    order = world.an_order()
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", ADULT, key="v"))
    path = f"/v1/orders/{order['id']}/payment/authorize"
    answers = all_at_once(
        [lambda n=n: world.customer.post(path, {"payment_method": "tok_visa"}, key=f"p{n}") for n in range(8)]  # type: ignore[misc]
    )
    assert set(codes(answers)) <= {"ok", "not_possible_now"}
    assert world.events(order["id"]).count("payment_authorized") == 1
    holds = world.rows("SELECT status FROM payment_intents WHERE kind = 'authorize'")
    assert [hold["status"] for hold in holds] == ["succeeded"]


def a_driver_of_the_region(world: World) -> Client:
    driver = world.api.register("driver")
    taken(driver.post("/v1/drivers", {"first_name": "Robin", "region_id": "dfw", "vehicle": {"kind": "car"}}))
    return driver
