"""When to decide: units, directions and limits of each rule, and what the switches do to a plan."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from shared.dispatch.engine import Parameters, Plan, Problem, Reason, Region, Timing, explain, solve, worth_pooling
from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.timing import free_rate, in_time, latest_pickup, reservation_way
from tests.unit.dispatch.problems import drivers, jobs, measured, problem

HOLD = Parameters(timing=Timing(hold=True))
JUST_IN_TIME = Parameters(timing=Timing(just_in_time=True, slack_s=90.0))

positive = st.floats(0.01, 1e4)


def column(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def test_drivers_come_free_as_many_as_are_busy_in_the_time_that_a_job_keeps_them() -> None:
    assert free_rate(30, 1_500.0) == 0.02
    assert free_rate(0, 1_500.0) == 0.0


def test_the_latest_pickup_spares_both_the_goods_and_the_promise() -> None:
    pickup_s = latest_pickup(column(600, 600, 600, -60), column(3_600, 1_000, np.inf, 3_600), np.full(4, 500.0), 120.0)
    assert pickup_s.tolist() == [600, 380, 600, -60]


@given(st.floats(60, 3_000), st.floats(0.1, 1.0), st.floats(0.001, 0.1), st.floats(0.1, 3.0), st.floats(0.01, 2.0))
def test_at_the_reservation_way_a_second_of_holding_brings_what_it_costs(
    furthest_s: float, share: float, rate: float, value: float, cost: float
) -> None:
    way_s = float(reservation_way(column(furthest_s), column(share), rate, column(value), cost)[0])
    gain, _ = quad(lambda t: (way_s - t) * 2.0 * t / furthest_s**2, 0.0, way_s)
    assert value * rate * share * gain == pytest.approx(cost, rel=1e-6)


def test_holding_goes_further_the_more_drivers_come_free_and_the_less_it_costs() -> None:
    rising = np.linspace(0.1, 1.0, 20)
    assert np.all(np.diff(reservation_way(np.full(20, 900.0), rising, 0.01, np.ones(20), 0.2)) < 0)
    assert np.all(np.diff(reservation_way(np.full(20, 900.0), np.ones(20), 0.01, rising, 0.2)) < 0)
    assert np.all(np.diff(reservation_way(rising * 900.0, np.ones(20), 0.01, np.ones(20), 0.2)) > 0)
    dearer = [reservation_way(column(900), column(1), 0.01, column(1), cost)[0] for cost in (0.1, 0.2, 0.4)]
    assert dearer == sorted(dearer)


def test_nobody_is_waited_for_where_nobody_comes_free_or_the_way_costs_nothing() -> None:
    assert reservation_way(column(900), column(1), 0.0, column(1), 0.2).tolist() == [np.inf]
    assert reservation_way(column(900), column(1), 0.01, column(0), 0.2).tolist() == [np.inf]


def early(busy: int, *, ready_s: float = 1_200.0, promised_s: float = 3_600.0, lat: float = 32.80) -> Problem:
    """One job whose goods take their time, one driver some minutes away, others further, and many who are busy."""
    region = Region(12.0, 1_800.0, np.zeros(0), np.zeros(0), busy_drivers=busy)
    free = drivers(4, lat=[lat, 32.82, 32.83, 32.84])
    return measured(problem(jobs(1, ready_s=[ready_s], promised_s=[promised_s]), free, region=region))


def decided(tick: Problem, parameters: Parameters) -> tuple[Plan, tuple[Reason, ...]]:
    plan = solve(tick, parameters, seed=0)
    return plan, plan.reasons


def test_a_job_that_is_not_urgent_is_held_for_a_nearer_driver() -> None:
    tick = early(busy=60)
    plan, reasons = decided(tick, HOLD)
    assert reasons == (Reason.HELD,)
    explanation = explain(tick, plan, HOLD, job=0)
    assert explanation.runner_up_id == "drv_0", "were waiting dearer"
    assert explanation.margin_s == pytest.approx(explanation.candidates[0].cost - explanation.wait_price, abs=0.002)
    assert decided(tick, Parameters())[1] == ()


@pytest.mark.parametrize(
    "tick",
    [
        early(busy=0),
        early(busy=60, lat=32.7805),
        early(busy=60, ready_s=0.0),
        early(busy=60, promised_s=800.0),
    ],
    ids=["nobody will come free", "the driver is near enough", "the goods are ready", "the promise presses"],
)
def test_a_job_is_not_held_without_ground(tick: Problem) -> None:
    assert decided(tick, HOLD)[1] == ()


def test_a_single_candidate_says_nothing_of_how_near_another_may_come_free() -> None:
    region = Region(12.0, 1_800.0, np.zeros(0), np.zeros(0), busy_drivers=60)
    tick = measured(problem(jobs(1, ready_s=[1_200]), drivers(1, lat=[32.80]), region=region))
    assert decided(tick, HOLD)[1] == ()


def test_a_held_job_is_offered_before_it_gets_urgent() -> None:
    tick = early(busy=60, ready_s=1_200.0)
    way_s = float(solve(tick, HOLD, seed=0).approach_s[0])
    just_before = way_s + HOLD.timing.lead_s
    assert decided(early(busy=60, ready_s=just_before + 1.0), HOLD)[1] == (Reason.HELD,)
    assert decided(early(busy=60, ready_s=just_before - 1.0), HOLD)[1] == ()


def test_a_held_job_leaves_its_driver_to_a_job_that_is_ready() -> None:
    region = Region(12.0, 1_800.0, np.zeros(0), np.zeros(0), busy_drivers=60)
    free = drivers(2, lat=[32.80, 32.84])
    tick = measured(problem(jobs(2, ready_s=[1_200, 0], age_s=[900, 0]), free, region=region))
    plan, reasons = decided(tick, HOLD)
    assert plan.pairs(tick) == [("tsk_1", "drv_0")]
    assert reasons == (Reason.HELD,)
    assert len(solve(tick, Parameters(), seed=0).chosen) == 2


def test_an_offer_is_sent_when_its_driver_would_come_about_when_the_goods_are_ready() -> None:
    assert in_time(column(0, 90, 91), Timing()).tolist() == [True, True, True]
    assert in_time(column(0, 90, 91), JUST_IN_TIME.timing).tolist() == [True, True, False]
    tick = early(busy=0, ready_s=600.0)
    plan, reasons = decided(tick, JUST_IN_TIME)
    assert reasons == (Reason.NOT_YET,)
    explanation = explain(tick, plan, JUST_IN_TIME, job=0)
    assert explanation.runner_up_id == "drv_0"
    assert explanation.margin_s == pytest.approx(600.0 - plan.approach_s[0] - 90.0)
    assert explanation.propensity is None
    later = early(busy=0, ready_s=600.0 - explanation.margin_s - 1.0)
    assert solve(later, JUST_IN_TIME, seed=0).pairs(later) == [("tsk_0", "drv_0")]


def test_a_pair_that_is_to_be_offered_later_keeps_its_driver_from_nobody_else_worth_it() -> None:
    tick = measured(problem(jobs(2, ready_s=[600, 0]), drivers(2)))
    plan, reasons = decided(tick, JUST_IN_TIME)
    assert [job for job, _ in plan.pairs(tick)] == ["tsk_1"]
    assert reasons == (Reason.NOT_YET,)


def test_two_jobs_are_pooled_when_that_saves_more_than_a_share_of_the_shorter() -> None:
    pooled_s = column(1_000, 1_200, 1_201, 1_600)
    assert worth_pooling(np.full(4, 1_000.0), np.full(4, 400.0), pooled_s, 0.5).tolist() == [True, False, False, False]


@given(positive, positive, st.floats(0, 1), st.floats(0, 1))
def test_pooling_gets_rarer_with_the_share_and_never_pays_beyond_the_whole(
    first_s: float, second_s: float, on_the_way: float, share: float
) -> None:
    pooled_s = column(first_s + second_s - on_the_way * min(first_s, second_s))
    one, other = column(first_s), column(second_s)
    assert not worth_pooling(one, other, pooled_s + 1e-6, 1.0)[0]
    if worth_pooling(one, other, pooled_s, share)[0]:
        assert worth_pooling(one, other, pooled_s, share / 2)[0]
        assert worth_pooling(other, one, pooled_s, share)[0], "both ways round"
