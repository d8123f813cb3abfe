"""An explanation names everyone who was weighed and the exact margin by which the choice stands."""

from dataclasses import replace

import pytest
from hypothesis import assume, given

from shared.dispatch.engine import Parameters, Problem, Reason, explain, solve
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


@given(problems())
def test_without_its_driver_the_job_goes_to_the_runner_up(tick: Problem) -> None:
    plan = solve(tick, PARAMETERS, seed=0)
    assume(len(plan.chosen))
    job, driver = int(plan.job[plan.chosen[0]]), int(plan.driver[plan.chosen[0]])
    explanation = explain(tick, plan, PARAMETERS, job)
    kept = ~((plan.job == job) & (plan.driver == driver))
    for candidate in explanation.candidates:
        assert candidate.driver_id in tick.drivers.id.tolist()
    assert explanation.runner_up_id != explanation.chosen_driver_id
    assert (explanation.runner_up_id is None) == (explanation.decisive_term is None)
    assert kept.sum() == len(plan.job) - 1


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
    assert explanation.chosen_driver_id == "drv_0"
    assert explanation.margin_s is not None
    for share, expected in ((0.98, "drv_0"), (1.02, "drv_1")):
        assert _after_a_detour(tick, share * explanation.margin_s) == expected


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


def _after_a_detour(tick: Problem, cost_s: float) -> str:
    """Who gets job 0 when the pair (0, drv_0) costs `cost_s` more, put on the road to the pickup."""
    assert tick.roads is not None
    plan = solve(tick, PARAMETERS, seed=0)
    pair = (tick.roads.job == 0) & (tick.roads.driver == 0)
    p_accept = plan.terms.p_accept[pair][0]
    weights = PARAMETERS.weights
    per_second = (weights.travel + weights.eta * (1.0 + PARAMETERS.clockwork.stale_rate)) / p_accept
    longer = replace(tick.roads, approach_s=tick.roads.approach_s + pair * (cost_s / per_second))
    return dict(solve(tick.with_roads(longer), PARAMETERS, seed=0).pairs(tick))["tsk_0"]
