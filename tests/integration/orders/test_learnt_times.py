"""From finished orders to promises: times are learnt, judged against what was told, and used where a time is foretold."""

import json
from datetime import datetime, timedelta

import numpy as np
import pytest

from jobs import train_eta, train_preparation
from tests.fixtures.http import Json, taken
from tests.fixtures.shops import DALLAS
from tests.fixtures.world import World

REAL_PREP_S, LATE_S, SLOW_S = 1_500.0, 420.0, 150.0
"""How long the store really takes, by how much arrivals are later than the rule says, and ways longer."""


def fill_with_deliveries(world: World, count: int) -> None:
    """As if the delivered order had been placed `count` times over the last days, at this hour."""
    order, _driver, _task = world.a_delivered_order()
    random = np.random.default_rng(1)
    row = world.one(
        "SELECT eta_at, pickup_eta_at, created_at, timeline FROM orders WHERE order_id = :id",
        id=order["id"],
    )
    foretold_s = (row["eta_at"] - row["created_at"]).total_seconds()
    way_s = (row["pickup_eta_at"] - moment(row["timeline"], "picked_up")).total_seconds()
    copies = []
    for number in range(count):
        placed = row["created_at"] - timedelta(days=1 + number % 20) + timedelta(seconds=int(random.integers(1_200)))
        accepted, noise_s = placed + timedelta(seconds=60), random.normal(0, 60, 3)
        ready = accepted + timedelta(seconds=REAL_PREP_S + noise_s[0])
        arrived = placed + timedelta(seconds=foretold_s + LATE_S + noise_s[1])
        picked_up = arrived - timedelta(seconds=max(way_s + SLOW_S + noise_s[2] / 3, 1.0))
        steps = {"accepted": accepted, "picked_up": picked_up, "arrived": arrived, "delivered": arrived}
        copies.append({
            "order_id": f"ord_{number:06d}", "created_at": placed.isoformat(), "ready_at": ready.isoformat(),
            "delivered_at": arrived.isoformat(), "eta_at": (placed + timedelta(seconds=foretold_s)).isoformat(),
            "pickup_eta_at": (picked_up + timedelta(seconds=way_s)).isoformat(),
            "timeline": [{"status": status, "at": at.isoformat()} for status, at in steps.items()],
        })  # fmt: skip
    world.rows(
        """INSERT INTO orders SELECT (jsonb_populate_record(o, copy)).*
           FROM orders o, jsonb_array_elements(CAST(:copies AS jsonb)) AS copy WHERE o.order_id = :id""",
        copies=json.dumps(copies), id=order["id"],
    )  # fmt: skip


def moment(timeline: list[Json], status: str) -> datetime:
    [at] = [datetime.fromisoformat(entry["at"]) for entry in timeline if entry["status"] == status]
    return at


def middle_s(world: World, price: Json) -> float:
    """Seconds from now to the middle of what is promised."""
    ends = [datetime.fromisoformat(price[name]) for name in ("promised_from", "promised_until")]
    return (ends[0] + (ends[1] - ends[0]) / 2 - world.api.clock.now).total_seconds()


def test_promises_follow_what_the_store_really_takes(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    before_s = middle_s(world, world.price())
    fill_with_deliveries(world, 400)
    train_preparation.main()
    assert "The model of 1 stores is promoted" in capsys.readouterr().out
    learnt = world.one("SELECT p50_s, p80_s, p90_s FROM preparation_times WHERE hour = 12")
    assert learnt["p50_s"] == pytest.approx(REAL_PREP_S, abs=15)
    assert learnt["p50_s"] < learnt["p80_s"] < learnt["p90_s"]
    assert middle_s(world, world.price()) - before_s == pytest.approx(REAL_PREP_S - 600, abs=15)
    order = world.a_paid_order()
    taken(world.act(order["id"], action="accept"))
    accepted = world.one("SELECT prep_minutes FROM orders WHERE order_id = :id", id=order["id"])
    assert accepted["prep_minutes"] == pytest.approx(REAL_PREP_S / 60, abs=1), (
        "a merchant who names no time gets the learnt one"
    )


def test_etas_follow_arrivals_and_windows_become_as_wide_as_chance(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    before = world.price()
    fill_with_deliveries(world, 400)
    train_eta.main()
    said = capsys.readouterr().out
    assert "at the order: within three minutes candidate" in said
    assert said.count("; promoted.") == 2
    price = world.price()
    assert middle_s(world, price) - middle_s(world, before) == pytest.approx(LATE_S, abs=25)
    width = datetime.fromisoformat(price["promised_until"]) - datetime.fromisoformat(price["promised_from"])
    assert width.total_seconds() == pytest.approx(2 * 1.28 * 60, abs=40)
    order, driver, task_id = world.a_dispatched_order()
    row = world.one("SELECT eta_at, created_at FROM orders WHERE order_id = :id", id=order["id"])
    assert (row["eta_at"] - row["created_at"]).total_seconds() == pytest.approx(middle_s(world, price), abs=10)
    for step in ("arrive_pickup", "pickup"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}"))
    at_the_store = {**DALLAS, "at": world.api.clock.now.isoformat()}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [at_the_store]}))
    shown = taken(world.customer.get(f"/v1/orders/{order['id']}/delivery"))
    kept = world.one("SELECT pickup_eta_at FROM orders WHERE order_id = :id", id=order["id"])["pickup_eta_at"]
    assert (kept - world.api.clock.now).total_seconds() > SLOW_S
    assert datetime.fromisoformat(shown["eta_at"]) == pytest.approx(kept, abs=timedelta(seconds=1))


def test_what_the_store_is_slower_by_is_not_added_twice(world: World) -> None:
    before = world.price()
    fill_with_deliveries(world, 400)
    train_preparation.main()
    train_eta.main()
    assert middle_s(world, world.price()) - middle_s(world, before) == pytest.approx(LATE_S, abs=25)


def test_a_second_training_that_brings_nothing_changes_no_promise(world: World) -> None:
    fill_with_deliveries(world, 400)
    train_eta.main()
    promised = world.price()
    world.rows(
        "UPDATE orders SET eta_at = eta_at + interval '7 minutes', pickup_eta_at = pickup_eta_at + interval '150 s'"
    )
    world.api.clock.advance(seconds=1)
    train_eta.main()
    models = world.rows("SELECT promoted FROM eta_models ORDER BY trained_at")
    assert [model["promoted"] for model in models] == [True, False]
    assert middle_s(world, world.price()) == pytest.approx(middle_s(world, promised), abs=2)


def test_few_orders_teach_nothing_and_the_jobs_say_so(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    fill_with_deliveries(world, 5)
    with pytest.raises(SystemExit, match="Nothing was learnt"):
        train_preparation.main()
    with pytest.raises(SystemExit, match="No region"):
        train_eta.main()
    assert "dfw: nothing was learnt" in capsys.readouterr().out
    counts = world.one("SELECT (SELECT count(*) FROM preparation_models) + (SELECT count(*) FROM eta_models) AS n")
    assert counts["n"] == 0


def test_waiting_orders_without_free_drivers_press_on_the_eta_that_is_logged(world: World) -> None:
    taken(world.drivers[0].post(f"/v1/drivers/{world.drivers[0].id}/offline"))
    for _ in range(2):
        world.a_ready_order()
    order = world.an_order()
    assert world.one("SELECT eta_pressure FROM orders WHERE order_id = :id", id=order["id"])["eta_pressure"] == 2.0


def test_every_kind_of_model_is_listed_with_how_good_it_is(world: World) -> None:
    fill_with_deliveries(world, 400)
    train_preparation.main()
    world.api.clock.advance(seconds=1)
    train_eta.main()
    models = taken(world.admin.get("/v1/admin/dispatch/models"))["items"]
    assert [(model["kind"], model["region_id"], model["in_use"]) for model in models] == [
        ("eta", "dfw", True),
        ("preparation", None, True),
    ]
    at_order = models[0]["times"]["order"]
    assert at_order["candidate"]["close"] > 0.9 > at_order["incumbent"]["close"]
    assert models[1]["times"]["ready"]["candidate"]["error_s"] < models[1]["times"]["ready"]["incumbent"]["error_s"]
    first = taken(world.admin.get("/v1/admin/dispatch/models", limit=1))
    rest = taken(world.admin.get("/v1/admin/dispatch/models", limit=1, cursor=first["next_cursor"]))
    assert first["items"] + rest["items"] == models
    assert rest["next_cursor"] is None
