"""From the offer log to the tick: a model is trained, judged, kept, and used when it is better."""

import json
import math
from datetime import timedelta

import pytest

from jobs import train_acceptance
from shared.dispatch.engine import Acceptance, Parameters
from shared.kernel.ids import first_id
from shared.prediction.acceptance import Observation
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.world import World
from tests.unit.prediction.test_acceptance import TRUTH, offers

LOGGED = ("history", "approach_s", "idle_s", "pay_doublings", "night", "attempts")
"""The columns of the log that an observation's features are read from."""


def fill_the_log(world: World, log: list[Observation]) -> None:
    """As if these offers had been made for one task over the last days."""
    world.an_offered_order()
    offer = world.one("SELECT task_id, order_id, driver_id, region_id FROM offers")
    now = world.api.clock.now
    rows = [
        {
            "offer_id": first_id("ofr", at),
            "tick_id": first_id("tck", at),
            "offered_at": at.isoformat(),
            "status": "accepted" if observation.accepted else "rejected",
            **dict(zip(LOGGED, observation.features, strict=True)),
        }
        for at, observation in ((now - timedelta(minutes=len(log) - place), seen) for place, seen in enumerate(log))
    ]
    world.rows(
        """WITH told AS (
            SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb))
                AS t(offer_id text, tick_id text, offered_at timestamptz, status text, history float8, approach_s float8,
                     idle_s float8, pay_doublings float8, night float8, attempts float8)
        ), made AS (
            INSERT INTO offers (offer_id, task_id, order_id, driver_id, region_id, status, payout_minor, offered_at, expires_at)
            SELECT offer_id, :task_id, :order_id, :driver_id, :region_id, status, 500,
                   offered_at, :now FROM told
        )
        INSERT INTO tick_logs (tick_id, weights_version, router, offer_ids, candidates, approach_s, eta_s, idle_s, ready_s,
            age_s, attempts, restricted, acceptance, history, rating, pay_doublings, night, hour_of_day, travel, lateness, eta,
            risk, fairness, zone, p_accept, propensity, explored)
        SELECT tick_id, '', '', ARRAY[offer_id], '{1}', ARRAY[approach_s], '{0}', ARRAY[idle_s], '{0}',
            '{0}', ARRAY[attempts], '{t}', '{0}', ARRAY[history], '{5}', ARRAY[pay_doublings], ARRAY[night], '{12}', '{0}',
            '{0}', '{0}', '{0}', '{0}', '{0}', '{1}', '{1}', '{f}' FROM told""",
        rows=json.dumps(rows),
        now=now,
        **offer,
    )


def test_a_better_model_is_promoted_and_the_next_tick_decides_with_it(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_the_log(world, offers(6_000))
    train_acceptance.main()
    assert "is promoted" in capsys.readouterr().out
    [model] = taken(world.admin.get("/v1/admin/dispatch/models"))["items"]
    assert model["in_use"]
    assert model["coefficients"]["pay"] == pytest.approx(
        TRUTH.pay, abs=3.5 * model["quality"]["standard_errors"]["pay"]
    )
    assert model["quality"]["candidate"]["log_loss"] < model["quality"]["incumbent"]["log_loss"]
    world.hire_driver()
    world.a_ready_order()
    world.tick()
    used = world.rows("SELECT parameters -> 'acceptance' ->> 'version' AS version FROM ticks ORDER BY tick_id")
    assert [row["version"] for row in used] == [Acceptance().version, model["version"]]


def test_a_second_training_that_brings_nothing_is_kept_and_not_promoted(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_the_log(world, offers(6_000))
    train_acceptance.main()
    world.api.clock.advance(hours=1)
    train_acceptance.main()
    assert "not promoted" in capsys.readouterr().out
    models = taken(world.admin.get("/v1/admin/dispatch/models"))["items"]
    assert [(model["promoted"], model["in_use"]) for model in models] == [(False, False), (True, True)]


def test_too_few_offers_teach_nothing_and_the_job_says_so(world: World) -> None:
    world.an_offered_order()
    with pytest.raises(SystemExit, match="Nothing was learnt"):
        train_acceptance.main()
    with storage.unit_of_work() as work:
        assert work.run("SELECT 1 FROM acceptance_models") == []


def test_the_log_holds_what_the_model_saw(world: World) -> None:
    world.an_offered_order()
    seen = world.one("SELECT * FROM offer_logs")
    assert (seen["candidates"], seen["attempts"], seen["restricted"], seen["rating"]) == (1, 0, True, 5.0)
    assert seen["approach_s"] > 0, "seconds on the way to the pickup"
    assert seen["travel"] == seen["approach_s"] * Parameters().weights.travel
    assert seen["history"] == pytest.approx(math.log(seen["acceptance"] / (1 - seen["acceptance"])))
    assert 0.05 <= seen["p_accept"] <= 1
