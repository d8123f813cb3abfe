"""The speed of the clock follows how late everybody's actions happen."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.market.pace import SpeedController, conduct, ninetieth
from infra.market.timeline import Lag, Timeline
from shared.kernel.clock import SettableClock

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def settled(controller: SpeedController, lag_ms_at: float, *, rounds: int = 200, idle: bool = False) -> float:
    """The speed at which a machine ends up whose actions are always `lag_ms_at` wall milliseconds late."""
    speed = 1.0
    for _ in range(rounds):
        speed = controller.next(speed, [lag_ms_at], idle=idle)
    return speed


def test_the_speed_settles_where_actions_are_as_late_as_allowed() -> None:
    assert settled(SpeedController(late_s=6.0), 40.0) == pytest.approx(150.0)


def test_a_slower_machine_gets_a_slower_clock() -> None:
    assert settled(SpeedController(), 400.0) < settled(SpeedController(), 40.0)


def test_an_idle_stretch_may_run_faster() -> None:
    assert settled(SpeedController(), 40.0, idle=True) > settled(SpeedController(), 40.0)


def test_a_sudden_stall_lowers_the_speed_by_a_step_and_no_more() -> None:
    assert SpeedController(lower_by=0.8).next(200.0, [5_000.0] * 10, idle=False) == 160.0


def test_the_speed_rises_step_by_step() -> None:
    controller = SpeedController(raise_by=1.15)
    assert controller.next(100.0, [0.0], idle=False) == pytest.approx(115.0)
    assert controller.next(100.0, [], idle=False) == pytest.approx(115.0)


def test_the_speed_stays_between_its_floor_and_its_limit() -> None:
    controller = SpeedController(limit=300.0, floor=2.0)
    assert settled(controller, 0.001) == 300.0
    assert settled(controller, 60_000.0) == 2.0


def test_one_late_action_in_twenty_does_not_slow_the_day() -> None:
    assert SpeedController().next(100.0, [1.0] * 19 + [5_000.0], idle=False) > 100.0


@pytest.mark.parametrize(("values", "expected"), [([7.0], 7.0), (list(range(1, 11)), 9), (list(range(100, 0, -1)), 90)])
def test_the_ninetieth_percentile_is_by_nearest_rank(values: list[float], expected: float) -> None:
    assert ninetieth(values) == expected


def test_a_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        ninetieth([])


def test_lateness_is_counted_in_wall_time_and_forgotten_after_a_while() -> None:
    timeline = Timeline(SettableClock(NOON), lambda: 60.0)
    timeline.note_offer(NOON - timedelta(seconds=30))
    assert timeline.offer_lag.recent() == pytest.approx([500.0])
    timeline.note_offer(NOON - timedelta(minutes=20))
    assert timeline.offer_lag.recent() == pytest.approx([500.0, 20_000.0]), (
        "a slow clock is told of its late offers too"
    )
    timeline.lag.note(20_000.0)
    assert timeline.lag.recent() == [1_000.0]
    forgetful = Lag(kept_s=-1.0)
    forgetful.note(500.0)
    assert forgetful.recent() == []


def test_sleepers_wake_in_the_order_of_their_moments() -> None:
    clock = SettableClock(NOON)
    timeline = Timeline(clock, lambda: 1_000.0)
    woken: list[int] = []

    async def sleeper(minutes: int) -> None:
        await timeline.sleep_until(NOON + timedelta(minutes=minutes))
        woken.append(minutes)

    async def night() -> None:
        async with asyncio.TaskGroup() as group:
            for minutes in (3, 1, 2):
                group.create_task(sleeper(minutes))
            await asyncio.sleep(0)
            clock.advance(timedelta(minutes=5))

    asyncio.run(night())
    assert woken == [1, 2, 3]


def test_one_late_offer_slows_the_clock_and_a_punctual_one_does_not() -> None:
    controller = SpeedController(limit=1_000.0)
    assert controller.most_for_offers(100.0, [20.0, 300.0]) == 80.0  # 30 s late by the clock
    assert controller.most_for_offers(100.0, [20.0, 100.0]) == 1_000.0
    assert controller.most_for_offers(100.0, []) == 1_000.0


def test_the_conductor_speeds_up_an_empty_stage() -> None:
    speeds = [20.0]
    timeline = Timeline(SettableClock(NOON), lambda: speeds[-1])

    async def a_while() -> None:
        task = asyncio.create_task(conduct(timeline, SpeedController(), speeds.append, lambda: True))
        await asyncio.sleep(1.2)
        task.cancel()

    asyncio.run(a_while())
    assert speeds == pytest.approx([20.0, 23.0, 26.45])


def test_a_request_that_nobody_answers_slows_the_clock_at_once() -> None:
    controller = SpeedController(limit=1_000.0, request_s=60.0)
    assert controller.most_for_requests(10_000.0) == pytest.approx(6.0)
    assert controller.most_for_requests(20.0) == 1_000.0
    assert controller.most_for_requests(0.0) == 1_000.0


def test_what_is_under_way_is_known_before_it_ends_and_counted_when_it_does() -> None:
    lag = Lag()
    with lag.timed():
        with lag.timed():
            pass
        assert len(lag.recent()) == 1
        assert lag.longest_ms() >= lag.recent()[0]
    assert len(lag.recent()) == 2
    assert lag.longest_ms() == 0.0


def test_the_conductor_does_not_hurry_on_while_a_request_waits() -> None:
    speeds = [100.0]
    timeline = Timeline(SettableClock(NOON), lambda: speeds[-1])

    async def a_stall() -> None:
        task = asyncio.create_task(conduct(timeline, SpeedController(request_s=0.5), speeds.append, lambda: True))
        with timeline.lag.timed():
            await asyncio.sleep(1.2)
        task.cancel()

    asyncio.run(a_stall())
    assert speeds[-1] == 1.0
