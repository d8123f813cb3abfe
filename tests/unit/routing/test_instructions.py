from pathlib import Path

import numpy as np
import pytest

from shared.routing.graph import GraphRouter, Network
from shared.routing.navigation.instructions import turn_deg, turned
from shared.routing.roads.osm import import_roads
from tests.unit.routing.networks import CITIES, Extract, at, city, crossroads, scattered


def told(extract: Extract, folder: Path, *stops: tuple[float, float]) -> list[str]:
    router = GraphRouter(Network(import_roads(extract.write(folder / "made.osm.pbf"))))
    return [step.instruction for step in router.route(np.array([at(*stop) for stop in stops])).steps]


def test_a_turn_is_told_with_the_street_it_leads_to(tmp_path: Path) -> None:
    assert told(crossroads(), tmp_path, (0, -0.8), (0.8, 0)) == [
        "Head east on Main Street", "Turn left onto Oak Street", "Arrive at your destination",
    ]  # fmt: skip
    assert told(crossroads(), tmp_path, (0.8, 0), (0, -0.8))[:2] == [
        "Head south on Oak Street",
        "Turn right onto Main Street",
    ]


def test_going_straight_on_the_same_street_is_not_told(tmp_path: Path) -> None:
    assert told(crossroads(), tmp_path, (0, -0.8), (0, 0.8)) == [
        "Head east on Main Street",
        "Arrive at your destination",
    ]


def test_a_forbidden_turn_is_driven_around(tmp_path: Path) -> None:
    steps = told(crossroads().restriction("no_left_turn", 10, 2, 21), tmp_path, (0, -0.8), (0.3, 0))
    assert steps == [
        "Head west on Main Street", "Turn left onto South Street", "Turn left onto Oak Street", "Arrive at your destination",
    ]  # fmt: skip


def test_each_stop_is_arrived_at(tmp_path: Path) -> None:
    steps = told(crossroads(), tmp_path, (0, -0.8), (0, 0.8), (0, -0.8))
    assert steps == [
        "Head east on Main Street", "Arrive at stop 1", "Head west on Main Street", "Arrive at your destination",
    ]  # fmt: skip


def test_the_exit_of_a_roundabout_is_counted(tmp_path: Path) -> None:
    extract = Extract()
    for number, (row, column) in {1: (0, -1), 2: (1, 0), 3: (0, 1), 4: (-1, 0)}.items():
        extract.node(number, row, column).node(10 + number, 3 * row, 3 * column)
    extract.way(50, (1, 4, 3, 2, 1), junction="roundabout")
    for number, name in {1: "West Road", 2: "North Road", 3: "East Road", 4: "South Road"}.items():
        extract.way(60 + number, (10 + number, number), name=name)
    for end, words in (
        ((-2.9, 0), "1st exit onto South Road"),
        ((0, 2.9), "2nd exit onto East Road"),
        ((2.9, 0), "3rd exit onto N"),
    ):
        steps = told(extract, tmp_path, (0, -2.9), end)
        assert len(steps) == 3
        assert steps[1].startswith(f"At the roundabout, take the {words}")


def test_ramps_and_merging_are_told(tmp_path: Path) -> None:
    extract = Extract().node(1, 0, 0).node(2, 0, 2).node(3, -1, 4).node(4, -1, 8).node(5, 0, 8).node(6, -1, 1)
    extract.way(10, (1, 2, 5), "primary", name="Main Street").way(20, (2, 3), "motorway_link", oneway="yes")
    extract.way(30, (6, 3, 4), "motorway", name="North Freeway").way(40, (4, 5), "motorway_link", oneway="yes")
    extract.way(41, (5, 6), "motorway_link", oneway="yes")
    assert told(extract, tmp_path, (0, 0.2), (-1, 7.5)) == [
        "Head east on Main Street", "Take the ramp on the right", "Merge onto North Freeway", "Arrive at your destination",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("degrees", "words"),
    [(0, "Continue onto Elm"), (30, "Turn slightly right onto Elm"), (-90, "Turn left onto Elm"),
     (140, "Turn sharply right onto Elm"), (179, "Make a U-turn onto Elm")],
)  # fmt: skip
def test_the_angle_chooses_the_words(degrees: float, words: str) -> None:
    assert turned(degrees, "Elm") == words


def test_a_turn_to_stay_on_a_street_says_so() -> None:
    assert turned(90, "Elm", same=True) == "Turn right to stay on Elm"


def test_right_is_clockwise() -> None:
    north = np.array(((0.0, 0.0), (0.001, 0.0)))
    assert turn_deg(north, np.array(((0.001, 0.0), (0.001, 0.001)))) == pytest.approx(90)
    assert turn_deg(north, np.array(((0.001, 0.0), (0.001, -0.001)))) == pytest.approx(-90)
    assert abs(turn_deg(north, north[::-1])) == pytest.approx(180)


@pytest.mark.parametrize("name", CITIES)
def test_in_a_real_city_steps_add_up_and_lines_are_whole(name: str) -> None:
    graph = city(name)
    router = GraphRouter(Network(graph))
    points = scattered(graph, 30, seed=8)
    for at_ in range(0, 30, 3):
        route = router.route(points[at_ : at_ + 3])
        assert sum(step.distance_m for step in route.steps) == pytest.approx(route.distance_m)
        assert sum(step.duration_s for step in route.steps) == pytest.approx(route.duration_s)
        assert route.steps[-1].instruction == "Arrive at your destination"
        line = np.array(route.geometry)
        drawn = 111_195.0 * np.hypot(np.diff(line[:, 0]), np.diff(line[:, 1]) * np.cos(np.radians(line[0, 0])))
        assert drawn.sum() == pytest.approx(route.distance_m, rel=0.01, abs=2)
        assert drawn.max() < 2_000
