"""An explanation names everyone who was weighed and the exact margin by which the choice stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine import Exploration, Parameters, Policy, Problem, Reason, Timing, explain, solve
from shared.dispatch.engine.matching import match
from tests.unit.dispatch.enumeration import every_plan
from tests.unit.dispatch.problems import drivers, jobs, measured, problem, problems

PARAMETERS = Parameters()


@given(problems())
def test_every_decision_is_explained_as_it_was_made(tick: Problem) -> None:
    plan = solve(tick, PARAMETERS, seed=0)
    offers = dict(plan.pairs(tick))
    for job, job_id in enumerate(tick.jobs.id.tolist()):
        explanation = explain(tick, plan, PARAMETERS, job)
        assert explanation.job_id == job_id
        assert explanation.chosen_driver_id == offers.get(job_id)
        assert (explanation.reason is None) == (job_id in offers)
        assert [c.cost for c in explanation.candidates] == sorted(c.cost for c in explanation.candidates)
        assert explanation.margin_s is None or explanation.margin_s >= 0.0, "no other plan can be cheaper than the best"


@given(problems(max_jobs=3, max_drivers=4))
def test_the_margin_is_the_distance_to_the_best_plan_that_decides_otherwise(tick: Problem) -> None:
    plan = solve(tick, PARAMETERS, seed=0)
    offers, ids = dict(plan.pairs(tick)), tick.drivers.id.tolist()
    plans = list(every_plan(tick, plan, PARAMETERS.surcharge_s))
    for job, job_id in enumerate(tick.jobs.id.tolist()):
        explanation = explain(tick, plan, PARAMETERS, job)
        chosen = ids.index(offers[job_id]) if job_id in offers else None
        otherwise = [cost_s for choices, cost_s in plans if choices[job] != chosen]
        if explanation.margin_s is None:
            assert not otherwise
        elif otherwise:
            assert explanation.margin_s == pytest.approx(min(otherwise) - plan.cost_s, abs=0.01)


def test_of_two_drivers_the_nearer_wins_by_the_difference_of_their_costs() -> None:
    tick = measured(problem(jobs(1), drivers(2, lat=[32.90, 32.79])))
    plan = solve(tick, PARAMETERS, seed=0)
    explanation = explain(tick, plan, PARAMETERS, job=0)
    near, far = explanation.candidates
    assert (explanation.chosen_driver_id, explanation.runner_up_id) == ("drv_1", "drv_0")
    assert explanation.margin_s == pytest.approx(far.cost - near.cost, abs=0.002)
    assert explanation.decisive_term == "T"
    assert set(near.terms) == {"T", "L", "E", "R", "F", "Z", "p_accept"}


def test_a_choice_that_loses_its_margin_turns() -> None:
    tick = measured(problem(jobs(2, pickup_lat=[32.79, 32.82]), drivers(2, lat=[32.80, 32.81], paid_rate=[0, 3_000])))
    plan = solve(tick, PARAMETERS, seed=0)
    explanation = explain(tick, plan, PARAMETERS, job=0)
    assert (explanation.chosen_driver_id, explanation.runner_up_id) == ("drv_0", "drv_1")
    assert explanation.margin_s is not None
    pair = (plan.job == 0) & (plan.driver == 0)
    for share, expected in ((0.99, 0), (1.01, 1)):
        cost_s = plan.terms.cost + pair * share * explanation.margin_s
        carries, _ = match(plan.job, plan.driver, cost_s, plan.wait_price_s, tick.drivers.capacity, 300.0, seed=0)
        assert plan.driver[carries & (plan.job == 0)].tolist() == [expected]


def test_a_job_between_two_drivers_who_are_both_better_used_waits_and_says_so() -> None:
    tick = measured(problem(jobs(2, age_s=[0, 600]), drivers(1)))
    explanation = explain(tick, solve(tick, PARAMETERS, seed=0), PARAMETERS, job=0)
    assert (explanation.chosen_driver_id, explanation.reason) == (None, Reason.DRIVERS_TAKEN)
    assert explanation.runner_up_id == "drv_0"
    assert explanation.margin_s == pytest.approx(600.0 * 3.0, abs=0.002), "the patience that the other job has gained"


def test_a_job_that_nobody_can_reach_has_no_margin() -> None:
    tick = measured(problem(jobs(1, pickup_lat=[40.0]), drivers(1)))
    explanation = explain(tick, solve(tick, PARAMETERS, seed=0), PARAMETERS, job=0)
    assert (explanation.reason, explanation.candidates, explanation.margin_s) == (Reason.OUT_OF_REACH, (), None)


NEAREST = Parameters(policy=Policy.NEAREST)


def test_under_nearest_the_margin_is_how_much_further_the_next_one_is() -> None:
    tick = measured(problem(jobs(1), drivers(2, lat=[32.90, 32.79])))
    explanation = explain(tick, solve(tick, NEAREST, seed=0), NEAREST, job=0)
    near, far = explanation.candidates
    assert (explanation.chosen_driver_id, explanation.runner_up_id) == ("drv_1", "drv_0")
    assert explanation.margin_s == pytest.approx(far.approach_s - near.approach_s)


def test_under_nearest_a_job_that_waits_would_have_to_be_older() -> None:
    tick = measured(problem(jobs(2, age_s=[0, 600]), drivers(1)))
    explanation = explain(tick, solve(tick, NEAREST, seed=0), NEAREST, job=0)
    assert (explanation.reason, explanation.runner_up_id) == (Reason.DRIVERS_TAKEN, "drv_0")
    assert explanation.margin_s == 600.0


def test_under_nearest_a_job_with_one_candidate_has_no_other_plan() -> None:
    tick = measured(problem(jobs(1), drivers(1)))
    explanation = explain(tick, solve(tick, NEAREST, seed=0), NEAREST, job=0)
    assert (explanation.chosen_driver_id, explanation.margin_s) == ("drv_0", None)


@given(problems(), st.sampled_from(Policy), st.booleans(), st.sampled_from([0.0, 1.0]))
def test_every_decision_can_be_explained_under_every_policy(
    tick: Problem, policy: Policy, on: bool, rate: float
) -> None:
    timing, exploration = Timing(hold=on, just_in_time=on), Exploration(rate=rate)
    parameters = Parameters(policy=policy, timing=timing, exploration=exploration)
    plan = solve(tick, parameters, seed=0)
    offers = dict(plan.pairs(tick))
    for job, job_id in enumerate(tick.jobs.id.tolist()):
        explanation = explain(tick, plan, parameters, job)
        assert explanation.chosen_driver_id == offers.get(job_id)
        assert (explanation.propensity is None) == (job_id not in offers)
        assert explanation.margin_s is None or explanation.margin_s >= 0.0 or plan.explored.any()


def test_a_drawn_driver_is_told_with_the_probability_and_who_was_cheaper() -> None:
    exploring = Parameters(exploration=Exploration(rate=1.0))
    tick = measured(problem(jobs(1), drivers(2, lat=[32.790, 32.791])))
    plan = next(
        p for p in (solve(tick, exploring, seed) for seed in range(50)) if p.pairs(tick) == [("tsk_0", "drv_1")]
    )
    explanation = explain(tick, plan, exploring, job=0)
    assert explanation.explored
    assert explanation.propensity is not None
    assert 0.0 < explanation.propensity < 0.5
    assert explanation.runner_up_id == "drv_0"
    assert explanation.margin_s is not None
    assert explanation.margin_s < 0.0
