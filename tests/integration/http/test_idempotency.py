"""The `Idempotency-Key`: one effect and one answer per key, however often and however simultaneously it is sent."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Response

from tests.fixtures.http import Client, forget_wiring, refused, taken
from tests.fixtures.world import ADULT, CERTIFICATION, World


def order_command(world: World) -> dict[str, str]:
    return {"price_id": world.price()["id"], "certification_version": CERTIFICATION}


def test_the_same_request_again_is_answered_byte_for_byte_and_changes_nothing(world: World) -> None:
    command = order_command(world)
    first = world.customer.post("/v1/orders", command, key="k")
    again = world.customer.post("/v1/orders", command, key="k")
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    taken(world.customer.post("/v1/orders", order_command(world), key="k"))
    refused(world.customer.post("/v1/orders", order_command(world), key="k"), 422, "idempotency_key_reused")
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_a_key_belongs_to_its_caller(world: World) -> None:
    taken(world.customer.post("/v1/orders", order_command(world), key="k"))
    stranger = world.api.register("customer")
    refused(stranger.post("/v1/orders", {"price_id": "prc_unknown"}, key="k"), 404, "not_found")


def test_a_key_belongs_to_its_route(world: World) -> None:
    order = world.an_order()
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", ADULT, key="k"))
    paid = world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", {"payment_method": "tok_visa"}, key="k")
    assert taken(paid)["status"] == "payment_authorized"


def test_a_key_used_for_one_order_does_not_answer_for_another(world: World) -> None:
    first, second = world.an_order(), world.an_order()
    taken(world.customer.post(f"/v1/orders/{first['id']}/verify_age", ADULT, key="k"))
    other = world.customer.post(f"/v1/orders/{second['id']}/verify_age", ADULT, key="k")
    refused(other, 422, "idempotency_key_reused")
    assert world.read(second["id"])["status"] == "created"


def test_a_route_that_needs_a_key_refuses_to_run_without_one(world: World) -> None:
    problem = refused(world.customer.post("/v1/orders", order_command(world)), 422, "invalid_input")
    assert problem["errors"][0]["field"] == "header.Idempotency-Key"
    assert world.rows("SELECT 1 FROM orders") == []


@pytest.mark.parametrize("key", ["", "k" * 256, "ключ"])
def test_an_unusable_key_is_named(world: World, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = world.customer.call("POST", "/v1/orders", body=order_command(world), headers=headers)
    assert refused(answer, 422, "invalid_input")["errors"][0]["field"] == "header.Idempotency-Key"


def test_a_refusal_is_not_stored_so_that_a_retry_is_judged_afresh(world: World) -> None:
    order = world.an_order()
    path = f"/v1/orders/{order['id']}/payment/authorize"
    refused(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"), 409, "age_check_required")
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", ADULT, key="v"))
    assert taken(world.customer.post(path, {"payment_method": "tok_visa"}, key="k"))["status"] == "payment_authorized"


def test_two_identical_requests_at_the_same_instant_have_one_effect(world: World) -> None:
    command = order_command(world)
    barrier = Barrier(6)

    def send(_: int) -> Response:
        barrier.wait()
        return world.customer.post("/v1/orders", command, key="k")

    with ThreadPoolExecutor(6) as senders:
        answers = list(senders.map(send, range(6)))
    completed = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.data for answer in completed}) == 1
    assert sum("Idempotency-Replayed" not in answer.headers for answer in completed) == 1
    waiting = [answer for answer in answers if answer.status_code != 201]
    assert all(refused(answer, 409, "still_running") for answer in waiting)
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_the_answer_is_replayed_after_a_restart(world: World) -> None:
    command = order_command(world)
    first = world.customer.post("/v1/orders", command, key="k")
    forget_wiring()
    again = world.customer.post("/v1/orders", command, key="k")
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")


def test_the_answer_that_is_replayed_is_the_one_of_then(world: World) -> None:
    order = world.an_order()
    path = f"/v1/orders/{order['id']}/verify_age"
    then = world.customer.post(path, ADULT, key="v")
    taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "mistake"}))
    assert world.customer.post(path, ADULT, key="v").data == then.data
    assert world.read(order["id"])["status"] == "cancelled"


def test_keys_are_kept_for_a_day_and_then_purged(world: World, platform: Client) -> None:
    world.an_order()
    world.api.clock.advance(hours=23)
    taken(platform.post("/internal/maintenance/purge_expired"))
    assert world.one("SELECT count(*) AS keys FROM idempotency_keys")["keys"] == 1
    world.api.clock.advance(hours=2)
    taken(platform.post("/internal/maintenance/purge_expired"))
    assert world.one("SELECT count(*) AS keys FROM idempotency_keys")["keys"] == 0


def test_repeating_a_hand_over_captures_once(world: World) -> None:
    order, driver, _task = world.an_order_cleared_at_the_door()
    path = f"/v1/orders/{order['id']}/deliver/confirm"
    answers = [driver.post(path, key="d") for _ in range(3)]
    assert len({answer.data for answer in answers}) == 1
    assert Counter(world.events(order["id"]))["payment_captured"] == 1
