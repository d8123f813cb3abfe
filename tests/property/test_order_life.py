"""Any command at any time: what the table of states does not allow is refused and changes nothing; what is never to happen
does not happen."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from flask import Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shared.ledger.service import balances
from shared.orders import rules
from shared.orders.rules import NotPossibleNow, OrderFacts
from shared.orders.states import TERMINAL, TRANSITIONS, Status, Step, steps_from, transition
from shared.payments.reconciliation import own_differences
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Json
from tests.fixtures.stripe import EVER
from tests.fixtures.world import ADULT, MINOR, NEXT_DOOR, PASSING_CHECK, World

AROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
EDGES = {(source, t.target) for t in TRANSITIONS for source in t.sources}


def facts(status: Status) -> OrderFacts:
    return OrderFacts(
        status=status, restricted=True, age_check_required=True, payment_status="none", authorized_minor=0,
        captured_minor=0, refunded_minor=0, total_minor=1_000, ready_at=datetime(2026, 1, 1, tzinfo=UTC), doorstep_passed=False,
    )  # fmt: skip


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("step", Step)
def test_a_step_leads_where_the_table_says_or_is_refused_with_what_is_possible(status: Status, step: Step) -> None:
    found = transition(step, status)
    if found is not None:
        decision = rules.decide(facts(status), step)
        assert (decision.source, decision.target, decision.event) == (status, found.target, found.event)
        return
    with pytest.raises(NotPossibleNow) as refusal:
        rules.decide(facts(status), step)
    assert refusal.value.extra["allowed_actions"] == [allowed.value for allowed in steps_from(status)]
    assert refusal.value.extra["current_status"] == status


def test_every_status_is_reached_and_every_end_is_an_end() -> None:
    assert {target for _, target in EDGES} | {Status.CREATED} == set(Status)
    assert {source for source, _ in EDGES} == set(Status) - TERMINAL


COMMANDS: dict[str, Callable[[World, str], list[Response]]] = {
    "verify_age": lambda w, o: [w.customer.post(f"/v1/orders/{o}/verify_age", ADULT, key=w.key())],
    "verify_age_of_a_minor": lambda w, o: [w.customer.post(f"/v1/orders/{o}/verify_age", MINOR, key=w.key())],
    "authorize": lambda w, o: [pay(w, o, "tok_visa")],
    "authorize_declined": lambda w, o: [pay(w, o, "tok_chargeDeclined")],
    "accept": lambda w, o: [w.act(o, action="accept", prep_minutes=5)],
    "reject": lambda w, o: [w.act(o, action="reject", reason="out_of_stock")],
    "preparing": lambda w, o: [w.act(o, action="preparing")],
    "ready": lambda w, o: [w.act(o, action="ready")],
    "ready_without_a_label": lambda w, o: [w.act(o, action="ready", label_version=None)],
    "tick": lambda w, _: [tick(w)],
    "accept_offer": lambda w, o: on_task(w, o, "accept"),
    "reject_offer": lambda w, o: on_task(w, o, "reject", {"reason": "too_far"}),
    "let_offers_expire": lambda w, _: [expire(w)],
    "arrive_pickup": lambda w, o: on_task(w, o, "arrive_pickup"),
    "pickup": lambda w, o: on_task(w, o, "pickup"),
    "arrive_dropoff": lambda w, o: on_task(w, o, "arrive_dropoff"),
    "doorstep_pass": lambda w, o: [at_door(w, o, "doorstep_id_check/submit", PASSING_CHECK)],
    "doorstep_fail": lambda w, o: [at_door(w, o, "doorstep_id_check/submit", PASSING_CHECK | {"over_age": False})],
    "deliver": lambda w, o: [at_door(w, o, "deliver/confirm", {})],
    "leave_at_door": lambda w, o: [at_door(w, o, "deliver/confirm", {"left_at_door": True})],
    "refuse": lambda w, o: [at_door(w, o, "refuse", {"reason": "underage"})],
    "confirm_return": lambda w, o: [w.shop.merchant.post(f"/v1/orders/{o}/return/confirm", {"condition": "sealed"})],
    "refund": lambda w, o: [give_back(w, o)],
    "cancel": lambda w, o: [w.customer.post(f"/v1/orders/{o}/cancel", {"reason": "changed_mind"})],
}

HAPPY = [
    "verify_age", "authorize", "accept", "preparing", "ready", "tick", "accept_offer", "arrive_pickup", "pickup",
    "arrive_dropoff", "doorstep_pass", "deliver",
]  # fmt: skip


def nudged(path: list[str]) -> st.SearchStrategy[list[str]]:
    """The usual way up to some point, then anything."""
    anything = st.lists(st.sampled_from(sorted(COMMANDS)), min_size=1, max_size=10)
    return st.builds(lambda upto, rest: path[:upto] + rest, st.integers(0, len(path)), anything)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=nudged(HAPPY), restricted=st.booleans())
@example(walk=HAPPY, restricted=True)
@example(walk=[*HAPPY[:10], "doorstep_fail", "leave_at_door", "refuse", "confirm_return"], restricted=True)
@example(walk=[*HAPPY, "refund", "refund", "deliver"], restricted=True)
@example(walk=["authorize", "accept", "ready", "tick", "let_offers_expire", "tick", "cancel"], restricted=False)
def test_a_random_walk_never_leaves_the_table_and_never_breaks_a_promise(
    world: World, walk: list[str], restricted: bool
) -> None:
    world.shop.change(hours=AROUND_THE_CLOCK)
    order = world.an_order(world.shop.products[0 if restricted else 1])
    for name in walk:
        before = world.read(order["id"])
        answers = COMMANDS[name](world, order["id"])
        after = world.read(order["id"])
        for answer in answers:
            assert answer.status_code < 500, answer.get_data(as_text=True)
            if answer.status_code >= 400:
                assert answer.mimetype == "application/problem+json"
                if answer.get_json()["code"] == "gate_refused":
                    assert world.events(order["id"])[-1] == "gate_refused"
                    kept = {"version": before["version"], "updated_at": before["updated_at"]}
                    assert after | kept == before, f"{name} was refused and changed more than the dossier"
                else:
                    assert after == before, f"{name} was refused and changed something"
        check_promises(world, after)
        check_books(world, after)
    free_the_drivers(world, order["id"])


def check_promises(world: World, order: Json) -> None:
    statuses = [entry["status"] for entry in order["timeline"]]
    assert statuses[-1] == order["status"]
    assert all((Status(one), Status(other)) in EDGES for one, other in pairwise(statuses))
    payment, total_minor = order["payment"], order["money"]["total_minor"]
    assert (payment["captured_minor"] > 0) == (order["status"] == "delivered")
    assert payment["captured_minor"] in (0, total_minor)
    if order["status"] in TERMINAL and "payment_authorized" in statuses:
        assert payment["status"] in (("captured", "refunded") if order["status"] == "delivered" else ("voided",))
    if order["restricted"] and "payment_authorized" in statuses:
        assert "age_verified" in statuses
    if order["restricted"] and order["status"] == "delivered":
        assert "doorstep_passed" in statuses
    live = "SELECT count(*) AS live FROM tasks WHERE order_id = :id AND status NOT IN ('done', 'failed', 'cancelled')"
    expected = 0 if order["status"] in TERMINAL else 1
    assert world.one(live, id=order["id"])["live"] <= expected
    assert world.verdict(order["id"])["valid"]


def check_books(world: World, order: Json) -> None:
    """They balance after every step, say the same as the order, and hold no money that nobody has."""
    with unit_of_work() as work:
        assert list(own_differences(work, EVER)) == []
        left = {account: minor for (account, _), minor in balances(work).items()}
    assert sum(left.values()) == 0
    assert not {"customers", "tips"} & left.keys(), "what customers paid has gone to whom it belongs"
    unbalanced = "SELECT transaction_id FROM ledger_entries GROUP BY 1 HAVING sum(amount_minor) <> 0"
    assert world.rows(unbalanced) == []
    posted = world.rows("SELECT kind FROM ledger_transactions WHERE order_id = :id", id=order["id"])
    kinds = Counter(row["kind"] for row in posted)
    delivered = order["status"] == "delivered"
    assert (kinds["sale"], kinds["capture"], kinds["tip"]) == (delivered,) * 3
    assert kinds["driver_pay"] == (order["status"] in ("delivered", "returned"))


def give_back(world: World, order_id: str) -> Response:
    body = {"amount_minor": 700, "reason": "missing_item"}
    return world.admin.post(f"/v1/orders/{order_id}/refund", body, key=world.key())


def pay(world: World, order_id: str, method: str) -> Response:
    path = f"/v1/orders/{order_id}/payment/authorize"
    return world.customer.post(path, {"payment_method": method}, key=world.key())


def tick(world: World) -> Response:
    driver = world.drivers[0]
    if world.rows(
        "SELECT 1 FROM offers o JOIN tasks t USING (task_id) WHERE t.status = 'open' AND o.status <> 'offered'"
    ):
        world.api.clock.advance(minutes=11)  # beyond the cool-down of a pair that failed
    now = world.api.clock.now
    driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [{**NEXT_DOOR, "at": now.isoformat()}]})
    now = world.api.clock.advance(seconds=3)
    return world.platform.post("/internal/dispatch/tick?region_id=dfw", {"slot": int(now.timestamp())})


def expire(world: World) -> Response:
    world.api.clock.advance(seconds=31)
    return world.platform.post("/internal/dispatch/expire_offers")


def on_task(world: World, order_id: str, step: str, body: Json | None = None) -> list[Response]:
    tasks = world.rows("SELECT task_id FROM tasks WHERE order_id = :id ORDER BY task_id DESC LIMIT 1", id=order_id)
    return [world.drivers[0].post(f"/v1/tasks/{task['task_id']}/{step}", body, key=world.key()) for task in tasks]


def at_door(world: World, order_id: str, step: str, body: Json) -> Response:
    return world.drivers[0].post(f"/v1/orders/{order_id}/{step}", body, key=world.key())


def free_the_drivers(world: World, order_id: str) -> None:
    """Let the next walk find everybody idle."""
    for name in ("cancel", "refuse", "confirm_return", "let_offers_expire"):
        COMMANDS[name](world, order_id)
