"""A stored tick replays bit for bit, and a bad file is refused."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.engine import (
    Parameters,
    Policy,
    Problem,
    Region,
    UnreadableReplay,
    Weights,
    from_bytes,
    solve,
    to_bytes,
)
from shared.dispatch.engine.columns import columns_of
from tests.unit.dispatch.problems import drivers, jobs, problem, problems


@given(problems(), st.integers(0, 99), st.sampled_from(Policy))
def test_a_stored_tick_decides_the_same_again(tick: Problem, seed: int, policy: Policy) -> None:
    parameters = Parameters(policy=policy)
    again = solve(from_bytes(to_bytes(tick)), Parameters.from_dict(parameters.to_dict()), seed)
    assert again.digest() == solve(tick, parameters, seed).digest()


@given(problems())
def test_every_column_survives_bit_for_bit(tick: Problem) -> None:
    back = from_bytes(to_bytes(tick))
    for name in ("jobs", "drivers", "region", "roads"):
        kept, restored = columns_of(getattr(tick, name)), columns_of(getattr(back, name))
        assert {n: (c.dtype, c.tobytes()) for n, c in kept.items()} == {
            n: (c.dtype, c.tobytes()) for n, c in restored.items()
        }
    assert back.excluded.tobytes() == tick.excluded.tobytes()
    assert to_bytes(back) == to_bytes(tick)


def test_columns_of_noise_survive_beside_even_ones_in_less_space_than_they_take() -> None:
    random = np.random.default_rng(7)
    noise = random.uniform(32.0, 33.0, 2_000)
    tick = problem(jobs(1), drivers(2_000, lat=noise, rating=np.repeat([4.0, 5.0], 1_000)))
    data = to_bytes(tick)
    assert from_bytes(data).drivers.lat.tobytes() == noise.tobytes()
    assert from_bytes(data).drivers.rating.tobytes() == tick.drivers.rating.tobytes()
    assert len(data) < 2 * noise.nbytes
    with pytest.raises(UnreadableReplay, match="cut short"):
        from_bytes(data[:-1])


def test_a_problem_without_roads_survives_too() -> None:
    assert from_bytes(to_bytes(problem(jobs(1), drivers(1)))).roads is None


def test_bytes_that_are_no_replay_file_are_refused() -> None:
    buffer = io.BytesIO()
    np.savez(buffer, something=np.zeros(3))
    for data in (b"", b"not a replay", buffer.getvalue(), to_bytes(problem(jobs(1), drivers(1)))[:200]):
        with pytest.raises(UnreadableReplay, match="not a replay file"):
            from_bytes(data)


def test_a_problem_cannot_be_changed() -> None:
    ready_s = np.zeros(2)
    some_jobs = jobs(2, ready_s=ready_s)
    ready_s[0] = 99.0
    assert some_jobs.ready_s.tolist() == [0, 0]
    with pytest.raises(ValueError, match="read-only"):
        some_jobs.ready_s[0] = 1.0


@pytest.mark.parametrize(
    ("table", "column", "values"),
    [
        (jobs, "pickup_lat", [91.0, 0.0]),
        (jobs, "ready_s", [np.nan, 0.0]),
        (jobs, "promised_s", [np.nan, 0.0]),
        (jobs, "age_s", [-1.0, 0.0]),
        (jobs, "age_s", [0.0]),
        (drivers, "lng", [np.inf, 0.0]),
        (drivers, "acceptance", [1.1, 0.0]),
        (drivers, "capacity", [-1, 0]),
    ],
)
def test_a_table_that_makes_no_sense_is_refused(table, column, values) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=r"every value must be|equally long"):
        table(2, **{column: values})


def test_tables_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="excluded"):
        problem(jobs(1), drivers(1), excluded=[(0, 1)])
    with pytest.raises(ValueError, match="zone"):
        problem(jobs(1, zone=[0]), drivers(1))
    with pytest.raises(ValueError, match="hour_of_day"):
        Region(24.0, 0.0, np.zeros(0), np.zeros(0))


def test_parameters_survive_as_plain_values_and_unknown_names_are_refused() -> None:
    parameters = Parameters(weights=Weights(version="trial-7", zone=0.0), policy=Policy.WEIGHTED_SCORE, neighbours=8)
    assert Parameters.from_dict(parameters.to_dict()) == parameters
    with pytest.raises(ValueError, match="weights has no 'charm'; it has version, travel"):
        Parameters.from_dict({"weights": {"charm": 1.0}})
    with pytest.raises(ValueError, match="negative"):
        Parameters.from_dict({"weights": {"risk": -1.0}})


@pytest.mark.parametrize(
    ("nonsense", "told"),
    [
        ({"weight": {}}, "parameters has no 'weight'; it has weights"),
        ({"weights": 3}, "weights must be an object with some of version, travel"),
        ({"weights": {"risk": "much"}}, "weights.risk must be a number, not 'much'"),
        ({"weights": {"risk": float("nan")}}, "weights.risk must be a number"),
        ({"weights": {"risk": True}}, "weights.risk must be a number"),
        ({"weights": {"version": ""}}, "weights.version must be a text"),
        ({"margins": {"silence_s": 0}}, "margins.silence_s must be above 0"),
        ({"clockwork": {"lateness_knee_s": 0}}, "clockwork.lateness_knee_s must be above 0"),
        ({"waiting": {"rate": 0}}, "waiting.rate must be above 0"),
        ({"timing": {"hold": 1}}, "timing.hold must be true or false"),
        ({"timing": {"pool_saving_share": 1.5}}, "timing.pool_saving_share must be from 0 to 1"),
        ({"exploration": {"rate": 2}}, "exploration.rate must be from 0 to 1"),
        ({"exploration": {"temperature_s": 0}}, "exploration.temperature_s must be above 0"),
        ({"policy": "scorecard"}, "policy must be one of min_cost_flow, weighted_score, nearest"),
        ({"policy": ["nearest"]}, "policy must be one of"),
        ({"neighbours": 2.5}, "parameters.neighbours must be a whole number"),
        ({"neighbours": 0}, "parameters.neighbours must be above 0"),
        ({"reach_s": None}, "parameters.reach_s must be a number"),
    ],
)
def test_nonsense_in_parameters_is_refused_by_name(nonsense: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Parameters.from_dict(nonsense)
