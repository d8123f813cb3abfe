"""Each term of the objective alone: its units, its limits, the way it leans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine import Parameters, Policy, Region, acceptance, costs, solve
from shared.dispatch.engine.acceptance import Acceptance, Features
from shared.dispatch.engine.columns import Floats
from shared.dispatch.engine.parameters import Clockwork, Margins
from tests.unit.dispatch.problems import drivers, jobs, measured, problem

CLOCK = Clockwork(pickup_dwell_s=120.0, idle_rate=0.3, stale_rate=0.3, lateness_knee_s=900.0)
RISING = np.linspace(0.0, 5_000.0, 200)
STILL = np.zeros(200)

seconds = st.floats(0, 1e5)


def column(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def never_falls(values: Floats) -> bool:
    return bool(np.all(np.diff(values) >= -1e-9))


def test_the_door_is_reached_after_the_later_of_driver_and_goods() -> None:
    eta_s = costs.eta(column(0, 100), column(300, 300), column(-500, 900), column(600, 600), CLOCK)
    assert eta_s.tolist() == [300 + 120 + 600, 900 + 120 + 600]


@given(seconds, seconds, st.floats(-1e5, 1e5))
def test_nobody_waits_on_both_sides_of_the_counter(available_s: float, approach_s: float, ready_s: float) -> None:
    idle_s = costs.idle(column(available_s), column(approach_s), column(ready_s))[0]
    stale_s = costs.stale(column(available_s), column(approach_s), column(ready_s))[0]
    assert min(idle_s, stale_s) == 0.0
    assert idle_s >= 0.0
    assert stale_s >= 0.0


def test_idle_and_stale_seconds_are_the_gap_between_driver_and_goods() -> None:
    assert costs.idle(column(10), column(50), column(100)).tolist() == [40]
    assert costs.stale(column(100), column(50), column(30)).tolist() == [120]
    assert costs.stale(column(0), column(50), column(-1_000)).tolist() == [50], "what is past cannot be saved any more"


def test_effort_charges_waiting_on_top_of_the_time_to_the_door() -> None:
    assert costs.effort(column(1_000, 1_000), column(100, 0), column(0, 50), CLOCK).tolist() == [1_030, 1_015]


def test_effort_grows_when_anything_takes_longer() -> None:
    assert never_falls(costs.effort(RISING, STILL, STILL, CLOCK))
    assert never_falls(costs.effort(STILL, RISING, STILL, CLOCK))
    assert never_falls(costs.effort(STILL, STILL, RISING, CLOCK))


def test_early_is_not_late() -> None:
    assert costs.lateness(column(599, 600, 1e9), column(600, 600, np.inf), 900.0).tolist() == [0, 0, 0]


def test_a_late_second_costs_one_at_first_and_two_in_the_end() -> None:
    late = costs.lateness(column(0.001, 900, 901, 100_000, 100_001), column(0, 0, 0, 0, 0), 900.0)
    assert late[0] == pytest.approx(0.001, rel=1e-5)
    assert late[1] == 900 + 450
    assert late[2] - late[1] == pytest.approx(2.0)
    assert late[4] - late[3] == pytest.approx(2.0)


@given(seconds, seconds, seconds)
def test_lateness_is_convex(a: float, b: float, promised_s: float) -> None:
    at = costs.lateness(column(a, (a + b) / 2, b), np.full(3, promised_s), 900.0)
    assert at[1] <= (at[0] + at[2]) / 2 + 1e-6
    assert at.min() >= 0.0


def test_documents_that_lapse_before_the_door_are_a_certain_failure() -> None:
    left_s = column(500, 1_000, 2_800, 4_600, np.inf)
    assert costs.document_risk(left_s, np.full(5, 1_000.0), 3_600.0).tolist() == [1, 1, 0.5, 0, 0]


def test_only_restricted_goods_make_a_shift_end_risky() -> None:
    risk = costs.shift_risk(column(1_000, 1_000, np.inf), np.full(3, 1_000.0), np.array([True, False, True]), 1_200.0)
    assert risk.tolist() == [1, 0, 0]


def test_a_silent_driver_is_trusted_less_and_less() -> None:
    risk = costs.silence_risk(RISING, 600.0)
    assert risk[0] == 0.0
    assert never_falls(risk)
    assert risk[-1] < 1.0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_independent_risks_add_up_without_passing_certainty(mishaps: list[float]) -> None:
    together = costs.risk(*(column(p) for p in mishaps))[0]
    assert max(mishaps) - 1e-12 <= together <= min(1.0, sum(mishaps)) + 1e-12


def test_a_driver_with_a_history_of_failures_is_a_risk() -> None:
    assert costs.driver_risk(column(0, 0.25), column(0, 0), Margins()).tolist() == [0, 0.25]


def test_who_earns_below_the_median_gets_a_credit() -> None:
    fairness = costs.fairness(column(0, 900, 1_800, 2_700, 9_000), 1_800.0)
    assert fairness.tolist() == [-1, -0.5, 0, 0.5, 1]
    assert costs.fairness(column(5, 10), 0.0).tolist() == [0, 0]


def test_a_zone_in_need_keeps_its_drivers() -> None:
    scarcity = costs.scarcity(column(0, 10, 3, 0), column(5, 0, 1, 0))
    assert scarcity.tolist() == [1, -1, -0.5, 0]
    drawn = costs.zone(np.array([0, 1, 2, -1, 0]), np.array([1, 0, 2, 0, -1]), scarcity)
    assert drawn.tolist() == [1, -1, 0, 0, 1]


def features(**changed: Floats | float) -> Features:
    plain: dict[str, Floats | float] = dict.fromkeys(
        ("history", "approach_s", "idle_s", "pay_doublings", "attempts"), np.zeros(200)
    )
    return Features(**(plain | {"night": 0.0} | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("feature", "leaning"),
    [("history", 1), ("approach_s", -1), ("idle_s", -1), ("pay_doublings", 1), ("attempts", -1)],
)
def test_acceptance_leans_the_right_way(feature: str, leaning: int) -> None:
    scale = 0.001 if feature in ("history", "pay_doublings", "attempts") else 1.0
    p = Acceptance().probability(features(**{feature: RISING * scale}))
    assert never_falls(leaning * p)
    assert leaning * (p[-1] - p[0]) > 0.05
    assert p.min() >= 0.05
    assert p.max() <= 1.0


def test_drivers_refuse_more_at_night() -> None:
    assert acceptance.night(3.0) == pytest.approx(1.0)
    assert acceptance.night(15.0) == pytest.approx(0.0)
    model = Acceptance()
    assert model.probability(features(night=1.0))[0] < model.probability(features(night=0.0))[0]


def test_pay_is_counted_in_doublings_of_the_median_hour() -> None:
    doublings = acceptance.pay_doublings(np.array([900, 1_800, 450, 0]), np.full(4, 1_800.0), 1_800.0)
    assert doublings.tolist() == [0, 1, -1, -2]
    assert acceptance.pay_doublings(np.array([900]), column(1_800), 0.0).tolist() == [0]


def test_the_price_of_a_pair_is_the_sum_of_its_terms_over_its_probability() -> None:
    region = Region(20.0, 1_500.0, np.array([1.0, 5.0]), np.array([4.0, 1.0]))
    some_jobs = jobs(
        3, pickup_lat=[32.80, 32.85, 32.70], zone=[0, 1, -1], promised_s=[600, 900, 1e4], restricted=[1, 0, 1]
    )
    some_drivers = drivers(4, lat=[32.7, 32.8, 32.9, 32.6], zone=[0, 1, 0, -1], paid_rate=[100, 4_000, 1_500, 900])
    terms = solve(measured(problem(some_jobs, some_drivers, region=region)), Parameters(), seed=0).terms
    total = terms.travel + terms.lateness + terms.eta + terms.risk + terms.fairness + terms.zone
    assert len(total) == 12
    assert terms.cost == pytest.approx(total / terms.p_accept)


def test_credits_never_make_a_pair_better_than_free() -> None:
    generous = Parameters.from_dict({"weights": {"version": "generous", "eta": 0.0, "travel": 0.0, "fairness": 1e6}})
    plan = solve(measured(problem(jobs(1), drivers(1, paid_rate=[0.0]))), generous, seed=0)
    assert plan.terms.fairness.tolist() == [-1e6]
    assert plan.terms.cost.tolist() == [0.0]


def test_the_weighted_score_weighs_distance_rating_acceptance_and_load() -> None:
    weighted = Parameters(policy=Policy.WEIGHTED_SCORE, reach_s=1_000.0)
    worst = drivers(1, rating=[0.0], acceptance=[0.0], load=[1])
    best = drivers(1, rating=[5.0], acceptance=[1.0], load=[0])
    assert solve(measured(problem(jobs(1), best)), weighted, seed=0).terms.cost.tolist() == [0.0]
    terms = solve(measured(problem(jobs(1), worst)), weighted, seed=0).terms
    assert (terms.risk[0], terms.fairness[0]) == (450.0, 75.0)
    far = solve(measured(problem(jobs(1, pickup_lat=[32.83]), best)), weighted, seed=0)
    assert far.terms.travel[0] == pytest.approx(400.0 * far.approach_s[0] / 1_000.0)


def test_the_way_back_of_refused_goods_is_paid_by_its_expectation() -> None:
    assert costs.carry_back(column(0, 0.05, 1), column(600, 600, 600)).tolist() == [0, 30, 600]
    assert never_falls(costs.carry_back(RISING / 5_000.0, np.full(200, 900.0)))


def test_a_likely_refusal_makes_a_pair_dearer_by_the_way_back_and_leaves_the_job_no_worse() -> None:
    weighed = Parameters.from_dict({"weights": {"carry_back": 2.0}})
    tick = measured(problem(jobs(2, refusal_rate=[0.0, 0.2], carry_s=[500, 500]), drivers(1)))
    plan, before = solve(tick, weighed, seed=0), solve(tick, Parameters(), seed=0)
    assert (plan.terms.risk - before.terms.risk).tolist() == [0.0, 200.0]
    raised_s = plan.wait_price_s - before.wait_price_s
    assert raised_s[1] - raised_s[0] == pytest.approx(200.0 / plan.terms.p_accept[1])


def test_the_nearest_is_told_by_the_seconds_until_the_driver_is_at_the_store_alone() -> None:
    nearest = Parameters(policy=Policy.NEAREST)
    some_drivers = drivers(2, lat=[32.80, 32.84], available_s=[900, 0], rating=[5, 0], acceptance=[1, 0])
    tick = measured(problem(jobs(1), some_drivers))
    plan = solve(tick, nearest, seed=0)
    assert plan.terms.cost == pytest.approx(tick.drivers.available_s[plan.driver] + plan.approach_s)
    assert plan.pairs(tick) == [("tsk_0", "drv_1")]
