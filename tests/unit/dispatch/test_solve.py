"""What every plan must be, whatever the tick."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine import Parameters, Plan, Policy, Problem, Reason, solve
from tests.unit.dispatch.enumeration import every_plan
from tests.unit.dispatch.problems import drivers, jobs, measured, problem, problems, relabelled

PARAMETERS = Parameters()


def chosen(plan: Plan) -> list[tuple[int, int]]:
    return list(zip(plan.job[plan.chosen].tolist(), plan.driver[plan.chosen].tolist(), strict=True))


@given(problems(), st.integers(0, 9), st.sampled_from(Policy))
def test_a_plan_keeps_every_limit(tick: Problem, seed: int, policy: Policy) -> None:
    plan = solve(tick, Parameters(policy=policy), seed)
    pairs = chosen(plan)
    served = [job for job, _ in pairs]
    assert len(set(served)) == len(served)
    assert np.all(np.bincount([d for _, d in pairs], minlength=len(tick.drivers)) <= tick.drivers.capacity)
    assert not set(pairs) & {(int(j), int(d)) for j, d in tick.excluded}
    assert sorted(served + plan.waiting.tolist()) == list(range(len(tick.jobs)))
    assert len(plan.reasons) == len(plan.waiting)


@given(problems(max_jobs=4, max_drivers=4), st.sampled_from([Policy.MIN_COST_FLOW, Policy.WEIGHTED_SCORE]))
def test_no_enumeration_finds_a_cheaper_plan(tick: Problem, policy: Policy) -> None:
    parameters = Parameters(policy=policy, surcharge_s=37.0)
    plan = solve(tick, parameters, seed=0)
    best = min(cost_s for _, cost_s in every_plan(tick, plan, parameters.surcharge_s))
    assert plan.cost_s == pytest.approx(best, abs=0.001 * (1 + len(tick.jobs)))


@given(problems(), st.integers(0, 2**32 - 1))
def test_the_order_of_the_rows_does_not_matter(tick: Problem, seed: int) -> None:
    plan = solve(tick, PARAMETERS, seed=0)
    again = solve(relabelled(tick, np.random.default_rng(seed)), PARAMETERS, seed=0)
    assert again.cost_s == pytest.approx(plan.cost_s, abs=0.001 * (1 + 2 * len(tick.jobs)))
    assert len(again.chosen) == len(plan.chosen)


@given(problems(), st.integers(0, 2**32 - 1))
def test_the_same_tick_is_decided_the_same_way(tick: Problem, seed: int) -> None:
    assert solve(tick, PARAMETERS, seed).digest() == solve(tick, PARAMETERS, seed).digest()


@given(problems())
def test_another_seed_may_only_break_ties(tick: Problem) -> None:
    assert solve(tick, PARAMETERS, seed=1).cost_s == solve(tick, PARAMETERS, seed=2).cost_s


def test_the_seed_decides_between_equal_drivers() -> None:
    tick = measured(problem(jobs(1), drivers(8)))
    assert len({chosen(solve(tick, PARAMETERS, seed))[0] for seed in range(40)}) > 1


@given(problems())
def test_a_job_with_a_free_driver_does_not_wait(tick: Problem) -> None:
    one_each = Parameters(surcharge_s=0.0)
    assert Reason.WAITING_IS_CHEAPER not in solve(tick, one_each, seed=0).reasons


@pytest.mark.parametrize(("n_jobs", "n_drivers"), [(0, 0), (0, 3), (3, 0)])
@pytest.mark.parametrize("policy", Policy)
def test_an_empty_side_gives_an_empty_plan(n_jobs: int, n_drivers: int, policy: Policy) -> None:
    plan = solve(measured(problem(jobs(n_jobs), drivers(n_drivers))), Parameters(policy=policy), seed=0)
    assert not len(plan.chosen)
    assert plan.reasons == (Reason.NO_DRIVERS,) * n_jobs


def test_an_unmeasured_problem_is_refused() -> None:
    with pytest.raises(ValueError, match="measure the roads"):
        solve(problem(jobs(1), drivers(1)), PARAMETERS, seed=0)


def test_every_waiting_job_says_why() -> None:
    far, near = 40.0, 32.78
    tick = measured(
        problem(
            jobs(4, pickup_lat=[near, far, near, near], ready_s=[0, 0, 7_200, 0], age_s=[60, 0, 0, 0]),
            drivers(1),
            excluded=[(3, 0)],
        )
    )
    plan = solve(tick, PARAMETERS, seed=0)
    assert plan.pairs(tick) == [("tsk_0", "drv_0")]
    assert plan.reasons == (Reason.OUT_OF_REACH, Reason.TOO_EARLY, Reason.NO_CANDIDATES)


def test_the_older_of_two_equal_jobs_gets_the_only_driver() -> None:
    tick = measured(problem(jobs(2, age_s=[0, 90]), drivers(1)))
    plan = solve(tick, PARAMETERS, seed=0)
    assert plan.pairs(tick) == [("tsk_1", "drv_0")]
    assert plan.reasons == (Reason.DRIVERS_TAKEN,)


def test_a_second_job_for_one_driver_waits_when_the_surcharge_is_dearer() -> None:
    tick = measured(problem(jobs(2), drivers(1, capacity=[2])))
    assert len(solve(tick, Parameters(surcharge_s=10.0), seed=0).chosen) == 2
    assert solve(tick, Parameters(surcharge_s=1e5), seed=0).reasons == (Reason.WAITING_IS_CHEAPER,)


@pytest.mark.parametrize("promised_s", [3_600.0, 0.0, np.inf])
@pytest.mark.parametrize("acceptance", [0.0, 0.9])
def test_a_far_job_is_served_in_the_end_though_near_ones_keep_coming(promised_s: float, acceptance: float) -> None:
    """One driver, each half minute a fresh job at the driver's feet, and the worst case: a driver who refuses all."""
    for slot in range(200):
        age_s = 30.0 * slot
        tick = measured(
            problem(
                jobs(2, pickup_lat=[32.98, 32.78], age_s=[age_s, 0], promised_s=[promised_s - age_s, 3_600.0]),
                drivers(1, acceptance=[acceptance]),
            )
        )
        if solve(tick, PARAMETERS, seed=slot).pairs(tick)[0][0] == "tsk_0":
            return
    pytest.fail("the far job starved")


@given(problems(), st.floats(1, 3_600))
def test_waiting_raises_the_price_of_waiting_by_at_least_the_time_waited(tick: Problem, later_s: float) -> None:
    aged = replace(tick, jobs=replace(tick.jobs, age_s=tick.jobs.age_s + later_s))
    gained = solve(aged, PARAMETERS, seed=0).wait_price_s - solve(tick, PARAMETERS, seed=0).wait_price_s
    assert np.all(gained >= later_s - 1e-6)


def test_each_failed_offer_raises_the_price_of_waiting() -> None:
    tick = measured(problem(jobs(3, attempts=[0, 1, 2]), drivers(0)))
    assert np.diff(solve(tick, PARAMETERS, seed=0).wait_price_s) == pytest.approx(PARAMETERS.waiting.urgency_s)
