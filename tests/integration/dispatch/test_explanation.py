"""Every decision can be laid open and made again."""

import re

import pytest
from typer.testing import CliRunner

from infra.cli import app
from shared.dispatch.engine import Parameters, Reason
from shared.dispatch.explanation import explain_order, replay
from shared.dispatch.tuning import set_parameters
from shared.kernel.errors import NotFound
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.world import World

FAR = {"lat": 32.83, "lng": -96.86}
UP_THE_ROAD = {"lat": 32.782, "lng": -96.802}


def test_a_stored_tick_decides_the_same_again(world: World) -> None:
    for _ in range(3):
        world.hire_driver(position=FAR)
        world.a_ready_order()
    tick_id = world.tick()["tick_id"]
    with storage.unit_of_work() as work:
        found = replay(work, tick_id)
    assert found.same
    assert found.decided == found.made
    assert len(found.made) == 3


def test_an_offer_that_the_tick_would_not_have_made_is_noticed(world: World) -> None:
    world.a_ready_order()
    stranger = world.hire_driver(position=FAR, online=False)
    tick_id = world.tick()["tick_id"]
    world.rows("UPDATE offers SET driver_id = :driver", driver=stranger.id)
    with storage.unit_of_work() as work:
        assert not replay(work, tick_id).same


def test_an_order_tells_who_was_weighed_and_who_would_have_had_it(world: World) -> None:
    near, far = world.drivers[0], world.hire_driver(position=FAR)
    order = world.a_ready_order()
    tick_id = world.tick()["tick_id"]
    with storage.unit_of_work() as work:
        [(told_of, _at, decision)] = explain_order(work, order["id"])
    assert told_of == tick_id
    assert (decision.chosen_driver_id, decision.runner_up_id) == (near.id, far.id)
    assert [candidate.driver_id for candidate in decision.candidates] == [near.id, far.id]
    assert decision.margin_s is not None
    assert decision.margin_s > 0
    shown = taken(world.admin.get(f"/v1/admin/dispatch/ticks/{tick_id}"))
    assert shown["jobs"][0]["margin_s"] == pytest.approx(decision.margin_s)


def test_the_command_line_says_who_got_an_order_and_that_a_tick_decides_the_same_again(world: World) -> None:
    near, far = world.drivers[0], world.hire_driver(position=FAR)
    order = world.a_ready_order()
    tick_id = world.tick()["tick_id"]
    told = CliRunner().invoke(app, ["dispatch", "explain", order["id"]])
    assert told.exit_code == 0
    assert re.search(
        rf"{near.id}, chosen by min_cost_flow. Were the choice \d+ s dearer, {far.id} would have it", told.output
    )
    again = CliRunner().invoke(app, ["dispatch", "replay", tick_id])
    assert (again.exit_code, again.output.splitlines()[-1]) == (0, "The same decisions.")
    assert CliRunner().invoke(app, ["dispatch", "explain", "ord_unknown"]).exit_code == 2


def test_a_draw_that_was_not_the_cheapest_says_who_would_have_had_the_order(world: World) -> None:
    """Of two drivers a moment apart, dice that see no difference take the dearer one sooner or later."""
    world.hire_driver(position=UP_THE_ROAD)
    dice = {"exploration": {"rate": 1.0, "margin_s": 900.0, "temperature_s": 1e6}}
    with storage.unit_of_work() as work:
        set_parameters(work, Parameters(), "dfw", dice)
    for _ in range(30):
        order = world.a_ready_order()
        world.tick()
        told = CliRunner().invoke(app, ["dispatch", "explain", order["id"]]).output
        if "Without the draw" in told:
            break
        world.rows("DELETE FROM offers")
        world.rows("UPDATE tasks SET status = 'cancelled'")
        world.api.clock.advance(seconds=3)
    assert re.search(
        r"drawn among near equals, with a probability of 0\.\d+\. Without the draw drv_\w+ would have it, \d+ s", told
    )


def test_an_order_that_only_waited_says_why_and_who_stood_nearest(world: World) -> None:
    first, second = world.a_ready_order(), world.a_ready_order()
    ticks = [world.tick()["tick_id"]]
    with storage.unit_of_work() as work:
        offered = work.run("SELECT order_id FROM offers")[0]["order_id"]
    waiting = second["id"] if offered == first["id"] else first["id"]
    with storage.unit_of_work() as work:
        told = explain_order(work, waiting)
    assert [tick_id for tick_id, _, _ in told] == ticks
    decision = told[0][2]
    assert (decision.chosen_driver_id, decision.reason) == (None, Reason.DRIVERS_TAKEN)
    assert decision.runner_up_id == world.drivers[0].id
    assert decision.margin_s is not None


def test_what_was_never_offered_cannot_be_explained(world: World) -> None:
    order = world.an_order()
    with storage.unit_of_work() as work, pytest.raises(NotFound):
        explain_order(work, order["id"])
