"""What holds for every plan of the engine, whatever the tick, the policy and the switches."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_matrix

from infra.bench.engine import city
from shared.dispatch.engine import Exploration, Parameters, Plan, Policy, Problem, Reason, Timing, solve
from tests.unit.dispatch.enumeration import every_plan
from tests.unit.dispatch.problems import drivers, jobs, measured, problem, problems, relabelled

FLOW = (Policy.MIN_COST_FLOW, Policy.WEIGHTED_SCORE)
TIMED = Timing(hold=True, just_in_time=True)
EXPLORING = Exploration(rate=0.5)

any_parameters = st.builds(
    Parameters,
    policy=st.sampled_from(Policy),
    timing=st.builds(Timing, hold=st.booleans(), just_in_time=st.booleans()),
    exploration=st.builds(Exploration, rate=st.sampled_from([0.0, 0.3, 1.0])),
    neighbours=st.integers(1, 6),
    reach_s=st.floats(60, 3_000),
    horizon_s=st.floats(0, 1_500),
    surcharge_s=st.floats(0, 500),
)


def placed(plan: Plan) -> list[tuple[int, int]]:
    """(job, driver) of every edge that the plan gives, now or a little later."""
    edges = np.concatenate((plan.chosen, plan.not_yet))
    return list(zip(plan.job[edges].tolist(), plan.driver[edges].tolist(), strict=True))


def without_ties(n_drivers: int, n_jobs: int, seed: int) -> Problem:
    return measured(city(n_drivers, n_jobs, seed))


@given(problems(), any_parameters, st.integers(0, 99))
def test_every_plan_is_feasible(tick: Problem, parameters: Parameters, seed: int) -> None:
    tick = measured(replace(tick, roads=None), parameters)
    plan = solve(tick, parameters, seed)
    pairs = placed(plan)
    assert len({job for job, _ in pairs}) == len(pairs), "a job goes to one driver"
    assert np.all(np.bincount([driver for _, driver in pairs], minlength=len(tick.drivers)) <= tick.drivers.capacity)
    assert not set(pairs) & {(int(job), int(driver)) for job, driver in tick.excluded}
    assert np.all(plan.approach_s <= parameters.reach_s)
    assert np.all(tick.jobs.ready_s[plan.job] <= parameters.horizon_s)
    assert np.bincount(plan.job, minlength=1).max(initial=0) <= parameters.neighbours
    assert sorted(plan.job[plan.chosen].tolist() + plan.waiting.tolist()) == list(range(len(tick.jobs)))
    assert np.all(np.diff(plan.job[plan.chosen]) > 0), "offers stand by job"


@given(problems(), any_parameters, st.integers(0, 99))
def test_every_job_is_offered_or_says_why_not(tick: Problem, parameters: Parameters, seed: int) -> None:
    plan = solve(tick, parameters, seed)
    assert len(plan.reasons) == len(plan.waiting)
    later = {job for job, reason in zip(plan.waiting.tolist(), plan.reasons, strict=True) if reason is Reason.NOT_YET}
    assert later == set(plan.job[plan.not_yet].tolist())
    assert parameters.timing.hold or Reason.HELD not in plan.reasons
    assert parameters.timing.just_in_time or not later


@given(problems(), any_parameters, st.integers(0, 2**32 - 1))
def test_the_same_tick_parameters_and_seed_decide_the_same(tick: Problem, parameters: Parameters, seed: int) -> None:
    again = Parameters.from_dict(parameters.to_dict())
    assert solve(tick, parameters, seed).digest() == solve(tick, again, seed).digest()


@given(problems(max_jobs=4, max_drivers=4), st.sampled_from(FLOW), st.booleans())
def test_no_enumeration_finds_a_cheaper_plan(tick: Problem, policy: Policy, hold: bool) -> None:
    parameters = Parameters(policy=policy, surcharge_s=41.0, timing=Timing(hold=hold))
    plan = solve(tick, parameters, seed=3)
    best = min(cost_s for _, cost_s in every_plan(tick, plan, parameters.surcharge_s))
    assert plan.cost_s == pytest.approx(best, abs=0.001 * (1 + len(tick.jobs)))


@pytest.mark.parametrize("policy", FLOW)
@pytest.mark.parametrize(("n_drivers", "n_jobs"), [(400, 120), (90, 260)])
def test_the_hungarian_method_finds_no_cheaper_plan(policy: Policy, n_drivers: int, n_jobs: int) -> None:
    """One job per driver makes the flow an assignment: drivers, then one place to wait for each job."""
    tick = without_ties(n_drivers, n_jobs, seed=11)
    plan = solve(tick, Parameters(policy=policy), seed=0)
    cost_s = np.full((n_jobs, n_drivers + n_jobs), 1e7)
    cost_s[plan.job, plan.driver] = plan.terms.cost
    cost_s[np.arange(n_jobs), n_drivers + np.arange(n_jobs)] = plan.wait_price_s
    assert plan.cost_s == pytest.approx(cost_s[linear_sum_assignment(cost_s)].sum(), abs=0.001 * n_jobs)


@pytest.mark.parametrize("seed", range(3))
def test_linear_programming_finds_no_cheaper_plan_with_capacities(seed: int) -> None:
    """The flow's own linear programme, by HiGHS: each job once; a driver's nth job costs n - 1 surcharges."""
    tick = without_ties(80, 200, seed)
    capacity = np.random.default_rng(seed).integers(0, 4, 80)
    tick = measured(replace(tick, drivers=replace(tick.drivers, capacity=capacity), roads=None))
    plan = solve(tick, Parameters(), seed)
    edges, n_jobs, places = len(plan.job), 200, int(capacity.sum())
    owner = np.repeat(np.arange(80), capacity)
    nth = np.arange(places) - np.repeat(np.cumsum(capacity) - capacity, capacity)
    cost_s = np.concatenate((plan.terms.cost, plan.wait_price_s, 300.0 * nth))
    once = coo_matrix(
        (np.ones(edges + n_jobs), (np.append(plan.job, np.arange(n_jobs)), np.arange(edges + n_jobs))),
        shape=(n_jobs, len(cost_s)),
    )
    rows = np.append(plan.driver, owner)
    columns = np.append(np.arange(edges), edges + n_jobs + np.arange(places))
    balance = coo_matrix((np.append(np.ones(edges), -np.ones(places)), (rows, columns)), shape=(80, len(cost_s)))
    best = linprog(
        cost_s, A_ub=balance, b_ub=np.zeros(80), A_eq=once, b_eq=np.ones(n_jobs), bounds=(0, 1), method="highs"
    )
    assert plan.cost_s == pytest.approx(best.fun, abs=0.001 * n_jobs)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("timing", [Timing(), TIMED])
@pytest.mark.parametrize("seed", range(4))
def test_names_and_places_in_the_tables_change_no_pair(policy: Policy, timing: Timing, seed: int) -> None:
    tick = without_ties(40, 50, seed)
    parameters = Parameters(policy=policy, timing=timing)
    plan, moved = solve(tick, parameters, seed=0), relabelled(tick, np.random.default_rng(seed))
    again = solve(moved, parameters, seed=0)
    assert sorted(again.pairs(moved)) == sorted(plan.pairs(tick))
    assert again.cost_s == pytest.approx(plan.cost_s, abs=0.05)


@pytest.mark.parametrize("policy", Policy)
@pytest.mark.parametrize("timing", [Timing(), TIMED])
def test_no_job_starves_that_a_driver_can_take(policy: Policy, timing: Timing) -> None:
    """One driver, and with every slot a fresh job at the driver's feet; the far job's goods get ready after ten minutes."""
    for slot in range(400):
        age_s = 30.0 * slot
        tick = measured(
            problem(
                jobs(
                    2,
                    pickup_lat=[32.93, 32.78],
                    age_s=[age_s, 0],
                    promised_s=[3_600 - age_s] * 2,
                    ready_s=[600 - age_s, 0],
                ),
                drivers(1),
            )
        )
        if (0, 0) in placed(solve(tick, Parameters(policy=policy, timing=timing), seed=slot)):
            return
    pytest.fail("the far job starved")


@given(problems(), st.sampled_from(Policy), st.integers(0, 99))
def test_without_exploration_every_choice_was_certain(tick: Problem, policy: Policy, seed: int) -> None:
    plan = solve(tick, Parameters(policy=policy), seed)
    assert plan.propensity.tolist() == [1.0] * len(plan.chosen)
    assert not plan.explored.any()


@given(problems(max_capacity=1), st.floats(0, 300), st.integers(0, 99))
def test_each_explored_job_costs_at_most_the_margin(tick: Problem, margin_s: float, seed: int) -> None:
    exploring = Parameters(exploration=Exploration(rate=1.0, margin_s=margin_s))
    plan, best = solve(tick, exploring, seed), solve(tick, Parameters(), seed)
    assert np.all((plan.propensity > 0.0) & (plan.propensity <= 1.0))
    assert plan.waiting.tolist() == best.waiting.tolist(), "exploration serves the same jobs"
    assert best.cost_s - 0.01 <= plan.cost_s <= best.cost_s + margin_s * int(plan.explored.sum()) + 0.01


@pytest.mark.parametrize("rate", [0.1, 0.6, 1.0])
def test_a_pair_is_made_as_often_as_its_propensity_says(rate: float) -> None:
    """The same tick under many seeds: frequencies within five standard errors, and inverse propensities of mean one."""
    tick, rounds = without_ties(60, 12, seed=5), 3_000
    parameters = Parameters(exploration=Exploration(rate=rate, margin_s=120.0, temperature_s=60.0))
    made: dict[tuple[str, str], int] = {}
    told: dict[tuple[str, str], float] = {}
    for seed in range(rounds):
        plan = solve(tick, parameters, seed)
        for pair, propensity in zip(plan.pairs(tick), plan.propensity.tolist(), strict=True):
            made[pair] = made.get(pair, 0) + 1
            assert told.setdefault(pair, propensity) == propensity, "the same tick, the same probability"
    assert len(made) > 12
    for pair, times in made.items():
        error = np.sqrt(told[pair] * (1.0 - told[pair]) / rounds)
        assert abs(times / rounds - told[pair]) <= 5.0 * error + 1e-9
    for job in {job for job, _ in made}:
        assert sum(told[pair] for pair in made if pair[0] == job) == pytest.approx(1.0, abs=0.02)
