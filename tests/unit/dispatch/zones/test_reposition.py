"""Which idle drivers might go where."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.zones.cells import Zoning, cover
from shared.dispatch.zones.reposition import REACH_S, Fleet, Move, moves
from shared.dispatch.zones.surge import DELIVERIES_PER_DRIVER

ZONING = cover(np.array([32.7767]), np.array([-96.7970]))
ZONES = len(ZONING)
FULL, LACKING = 0, 1


def fleet(zoning: Zoning, at: list[int], **columns: object) -> Fleet:
    """Idle, rested drivers in the middle of these zones, each column replaceable."""
    rows = np.array(at, dtype=np.int64)
    plain = {
        "lat": zoning.lat[rows], "lng": zoning.lng[rows], "zone": rows, "idle": np.ones(len(rows), dtype=np.bool_),
        "rested": np.ones(len(rows), dtype=np.bool_),
    }  # fmt: skip
    return Fleet(**(plain | columns))  # type: ignore[arg-type]


def suggested(drivers: Fleet, demand: dict[int, float], underway: dict[int, float] | None = None) -> list[Move]:
    supply = np.bincount(drivers.zone[drivers.zone >= 0], minlength=ZONES).astype(np.float64)
    return moves(drivers, ZONING, by_zone(demand), supply, by_zone(underway or {}), seed=1)


def by_zone(values: dict[int, float]) -> np.ndarray:
    found = np.zeros(ZONES)
    found[list(values)] = list(values.values())
    return found


def test_spare_drivers_are_pointed_to_the_zone_that_lacks_them_and_no_more_than_it_lacks() -> None:
    found = suggested(fleet(ZONING, [FULL] * 5), {LACKING: 2 * DELIVERIES_PER_DRIVER})
    assert len(found) == 2
    assert {move.zone for move in found} == {LACKING}


def test_a_zone_keeps_the_drivers_it_needs() -> None:
    found = suggested(fleet(ZONING, [FULL] * 3), {FULL: 2 * DELIVERIES_PER_DRIVER, LACKING: 9.0})
    assert len(found) == 1


def test_the_nearer_of_two_drivers_goes() -> None:
    apart = np.hypot(ZONING.lat - ZONING.lat[LACKING], ZONING.lng - ZONING.lng[LACKING])
    near, far = np.argsort(apart)[[1, -1]].tolist()
    [found] = suggested(fleet(ZONING, [far, near]), {LACKING: DELIVERIES_PER_DRIVER})
    assert (found.driver, found.zone) == (1, LACKING)


def test_who_is_busy_or_was_hinted_at_is_left_alone() -> None:
    busy = fleet(ZONING, [FULL] * 3, idle=np.array([False] * 3))
    tired = fleet(ZONING, [FULL] * 3, rested=np.array([False] * 3))
    assert suggested(busy, {LACKING: 9.0}) == suggested(tired, {LACKING: 9.0}) == []


def test_drivers_under_way_count_as_there() -> None:
    found = suggested(fleet(ZONING, [FULL] * 5), {LACKING: 3 * DELIVERIES_PER_DRIVER}, underway={LACKING: 2})
    assert len(found) == 1


def test_a_driver_outside_all_zones_may_come_in_and_one_too_far_away_may_not() -> None:
    near = fleet(ZONING, [FULL], zone=np.array([-1]))
    far = fleet(ZONING, [FULL], zone=np.array([-1]), lat=np.array([34.5]))
    assert len(suggested(near, {LACKING: 3.0})) == 1
    assert suggested(far, {LACKING: 3.0}) == []


@given(st.lists(st.integers(-1, ZONES - 1), max_size=25), st.lists(st.floats(0, 12), min_size=ZONES, max_size=ZONES))
def test_nobody_is_drawn_from_a_zone_that_lacks_drivers_and_no_zone_gets_more_than_it_lacks(
    zone: list[int], demand: list[float]
) -> None:
    drivers = fleet(ZONING, zone)
    supply = np.bincount(drivers.zone[drivers.zone >= 0], minlength=ZONES)
    needed = np.array(demand) / DELIVERIES_PER_DRIVER
    found = suggested(drivers, dict(enumerate(demand)))
    came = np.bincount([move.zone for move in found], minlength=ZONES)
    left = np.bincount([zone[move.driver] for move in found if zone[move.driver] >= 0], minlength=ZONES)
    assert np.all(came <= np.maximum(needed - supply, 0.0))
    assert np.all(left <= np.maximum(supply - needed, 0.0))
    assert len({move.driver for move in found}) == len(found)
    assert all(0.0 <= move.travel_s <= REACH_S for move in found)
