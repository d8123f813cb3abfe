from datetime import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.routing.roads.speeds import BUCKETS, bucket_at, directions, drivable, driven_kmh, limit_kmh


@pytest.mark.parametrize(
    ("text", "kmh"),
    [("50", 50), ("25 mph", 40.2336), ("25mph", 40.2336), ("50 km/h", 50), ("35 mph;25 mph", 56.32704), ("10 knots", 18.52),
     ("walk", 7), ("none", 140), ("", None), ("signals", None), ("0", None), ("US:urban", None), ("-5", None), ("fast", None)],
)  # fmt: skip
def test_a_tagged_limit_is_read_in_its_unit(text: str, kmh: float | None) -> None:
    assert limit_kmh(text) == (pytest.approx(kmh) if kmh else None)


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_text_of_a_limit_is_too_strange(text: str) -> None:
    limit = limit_kmh(text)
    assert limit is None or limit > 0


@pytest.mark.parametrize(
    ("tags", "open_ways"),
    [({}, (True, True)), ({"oneway": "yes"}, (True, False)), ({"oneway": "1"}, (True, False)),
     ({"oneway": "-1"}, (False, True)), ({"oneway": "no"}, (True, True)), ({"junction": "roundabout"}, (True, False)),
     ({"junction": "roundabout", "oneway": "-1"}, (False, True)), ({"highway": "motorway"}, (True, False)),
     ({"highway": "motorway", "oneway": "no"}, (True, True)), ({"highway": "motorway_link"}, (True, True))],
)  # fmt: skip
def test_one_way_streets_are_open_one_way(tags: dict[str, str], open_ways: tuple[bool, bool]) -> None:
    assert directions({"highway": "residential"} | tags) == open_ways


@pytest.mark.parametrize(
    ("tags", "may"),
    [({}, True), ({"access": "private"}, False), ({"access": "no"}, False), ({"access": "destination"}, True),
     ({"motor_vehicle": "no"}, False), ({"access": "no", "motorcar": "yes"}, True), ({"highway": "footway"}, False),
     ({"vehicle": "private", "motor_vehicle": "permissive"}, True), ({"highway": "construction"}, False),
     ({"area": "yes"}, False), ({"oneway": "reversible"}, False), ({"access": "customers"}, True)],
)  # fmt: skip
def test_only_ways_open_to_cars_are_driven(tags: dict[str, str], may: bool) -> None:
    assert drivable({"highway": "service"} | tags) is may


def test_four_fifths_of_a_limit_are_driven_and_a_default_where_there_is_none() -> None:
    assert driven_kmh({"highway": "primary", "maxspeed": "50"}) == (40, 40)
    assert driven_kmh({"highway": "primary", "maxspeed": "50", "maxspeed:backward": "30"}) == (40, 24)
    assert driven_kmh({"highway": "primary"}) == (65, 65)
    assert driven_kmh({"highway": "service", "maxspeed": "1 mph"}) == (5, 5)


@pytest.mark.parametrize(
    ("clock", "bucket"),
    [(time(3), "night"), (time(8), "peak"), (time(12), "day"), (time(17), "peak"), (time(23), "night")],
)
def test_the_day_has_its_buckets(clock: time, bucket: str) -> None:
    assert BUCKETS[bucket_at(clock)] == bucket
