from pathlib import Path

import numpy as np
import pytest

from shared.routing.graph import GraphRouter, Network
from shared.routing.roads import RoadGraph, UnreadableRoads
from shared.routing.roads.osm import import_roads
from shared.routing.roads.speeds import BUCKETS
from shared.routing.roads.store import flaw_of
from tests.unit.routing.networks import CITIES, Extract, at, city, crossroads

NIGHT = BUCKETS.index("night")


def imported(extract: Extract, folder: Path) -> RoadGraph:
    return import_roads(extract.write(folder / "made.osm.pbf"))


def square(**tags: str) -> Extract:
    """Four corners, a street around them, in order."""
    extract = Extract().node(1, 0, 0).node(2, 0, 1).node(3, 1, 1).node(4, 1, 0)
    return extract.way(10, (1, 2, 3, 4, 1), **tags)


def test_a_street_both_ways_has_two_arcs_and_one_shape(tmp_path: Path) -> None:
    graph = imported(
        Extract().node(1, 0, 0).node(2, 0, 1).node(3, 0, 2).way(10, (1, 2, 3), name="Elm Street"), tmp_path
    )
    assert len(graph.lat) == 2
    assert graph.backward.tolist() == [False, True]
    assert graph.length_m == pytest.approx([200.0, 200.0], abs=0.1)
    assert graph.seconds[NIGHT] == pytest.approx([28.8, 28.8], abs=0.02), "200 m at 25 km/h"
    assert [graph.street(arc) for arc in range(2)] == ["Elm Street"] * 2
    assert np.array_equal(graph.path_points(0), graph.path_points(1)[::-1])
    assert graph.reverse.tolist() == [1, 0]


@pytest.mark.parametrize(("oneway", "order"), [("yes", [0, 1, 2, 3]), ("-1", [3, 2, 1, 0])])
def test_a_one_way_ring_is_driven_one_way(tmp_path: Path, oneway: str, order: list[int]) -> None:
    corners = [at(0, 0), at(0, 1), at(1, 1), at(1, 0)]
    router = GraphRouter(Network(imported(square(oneway=oneway), tmp_path)), NIGHT)
    times = [
        float(router.times(np.array([corners[a]]), np.array([corners[b]]))[0, 0])
        for a, b in zip(order, [*order[1:], order[0]], strict=True)
    ]
    back = float(router.times(np.array([corners[order[1]]]), np.array([corners[order[0]]]))[0, 0])
    assert times == pytest.approx([14.4] * 4, abs=0.1)
    assert back == pytest.approx(3 * 14.4, abs=0.1)


def test_a_roundabout_is_one_way_without_a_word(tmp_path: Path) -> None:
    graph = imported(square(junction="roundabout"), tmp_path)
    assert not graph.backward.any()
    assert graph.roundabout.all()


def test_a_private_street_and_a_dead_one_way_are_not_in_the_network(tmp_path: Path) -> None:
    extract = square().node(5, 0, 2).node(6, 0, 3).node(7, 2, 0)
    extract.way(11, (2, 5), access="private").way(12, (5, 6)).way(13, (4, 7), oneway="yes")
    graph = imported(extract, tmp_path)
    assert len(graph.lat) == len(imported(square(), tmp_path).lat)


def test_limits_and_lights_take_their_time(tmp_path: Path) -> None:
    extract = Extract().node(1, 0, 0).node(2, 0, 1, highway="traffic_signals").node(3, 0, 2)
    extract.way(10, (1, 2), maxspeed="25 mph").way(11, (2, 3), maxspeed="50", maxspeed__forward="25")
    router = GraphRouter(Network(imported(extract, tmp_path)), NIGHT)
    there = router.times(np.array([at(0, 0)]), np.array([at(0, 2)]))[0, 0]
    back = router.times(np.array([at(0, 2)]), np.array([at(0, 0)]))[0, 0]
    first = 100 / (25 * 1.609344 * 0.8 / 3.6)
    assert there == pytest.approx(first + 100 / (25 * 0.8 / 3.6) + 2.0, abs=0.05)
    assert back == pytest.approx(100 / (50 * 0.8 / 3.6) + 2.0 + first, abs=0.05)


@pytest.mark.parametrize(
    ("word", "turns"),
    [("no_left_turn", {(10, 21)}), ("no_straight_on", {(10, 21)}), ("only_right_turn", {(10, 10), (10, 11), (10, 20)})],
)
def test_a_restriction_forbids_arcs_to_follow_each_other(
    tmp_path: Path, word: str, turns: set[tuple[int, int]]
) -> None:
    graph = imported(crossroads().restriction(word, 10, 2, 21), tmp_path)
    middle = np.argmin(np.abs(graph.lat) + np.abs(graph.lng))
    assert len(graph.forbidden) == len(turns)
    for source, target in graph.forbidden.tolist():
        assert graph.head[source] == middle == graph.tail[target]
        assert graph.street(source) == "Main Street"


def test_a_u_turn_is_forbidden_from_a_way_to_itself(tmp_path: Path) -> None:
    graph = imported(crossroads().restriction("no_u_turn", 10, 2, 10), tmp_path)
    [[source, target]] = graph.forbidden.tolist()
    assert graph.reverse[source] == target


def test_a_restriction_over_a_way_binds_whoever_came_over_all_of_it(tmp_path: Path) -> None:
    graph = imported(crossroads().restriction("no_u_turn", 20, 11, 30, via_kind="w"), tmp_path)
    [row] = graph.forbidden.tolist()
    assert [graph.street(arc) for arc in row] == ["Oak Street", "Main Street", "Back Street"]
    only = imported(crossroads().restriction("only_left_turn", 20, 11, 30, via_kind="w"), tmp_path)
    assert [graph.street(arc) for row in only.forbidden.tolist() for arc in row[2:]] == ["Main Street"], "turning back"


@pytest.mark.parametrize(
    "extract",
    [crossroads().restriction("no_left_turn", 10, 2, 21, **{"except": "motorcar;bus"}),
     crossroads().restriction("no_left_turn", 10, 11, 21, via_kind="w"),
     crossroads().restriction("no_left_turn", 10, 2, 99), crossroads().restriction("no_left_turn", 10, 99, 21),
     crossroads().restriction("give_way", 10, 2, 21)],
)  # fmt: skip
def test_a_restriction_that_does_not_bind_is_left_out(tmp_path: Path, extract: Extract) -> None:
    assert len(imported(extract, tmp_path).forbidden) == 0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRoads, match=r"nowhere\.osm\.pbf does not exist"):
        import_roads(tmp_path / "nowhere.osm.pbf")


def test_junk_is_no_extract(tmp_path: Path) -> None:
    file = tmp_path / "junk.osm.pbf"
    file.write_bytes(b"\x00\x00\x00\x0d\x0a\x09junk")
    with pytest.raises(UnreadableRoads, match="cannot be read"):
        import_roads(file)


def test_an_extract_without_a_street_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRoads, match="no street that can be driven"):
        imported(Extract().node(1, 0, 0).node(2, 0, 1).way(10, (1, 2), highway="footway"), tmp_path)


def test_progress_is_told_by_stage(tmp_path: Path) -> None:
    told: list[str] = []
    import_roads(crossroads().write(tmp_path / "made.osm.pbf"), lambda stage, done, total: told.append(stage))
    assert list(dict.fromkeys(told)) == ["Reading streets", "Joining streets", "Ordering the network"]


@pytest.mark.parametrize("name", CITIES)
def test_a_real_extract_becomes_a_sound_network(name: str) -> None:
    graph = city(name)
    assert flaw_of(graph) is None
    assert len(graph.lat) > 5_000
    assert graph.attribution == "© OpenStreetMap contributors"
    assert not graph.generated
    ends = np.array([graph.path_points(arc)[[0, -1]] for arc in range(0, len(graph.tail), 17)])
    tail, head = graph.tail[::17], graph.head[::17]
    assert np.allclose(ends[:, 0], np.column_stack((graph.lat[tail], graph.lng[tail])))
    assert np.allclose(ends[:, 1], np.column_stack((graph.lat[head], graph.lng[head])))
