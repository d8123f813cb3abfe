import numpy as np
import pytest

from shared.routing.geo import PowerLaw
from shared.routing.graph import GraphRouter, Network
from shared.routing.haversine import HaversineRouter, distances_m
from shared.routing.law import fit_city, fitted, sample_pairs
from shared.routing.roads import RoadGraph, UnreadableRoads
from shared.routing.roads.generated import generated_roads
from shared.routing.roads.store import flaw_of
from shared.routing.streets.geojson import Kind, Streets, line
from tests.fixtures.routing import pairs
from tests.unit.routing.networks import CITIES, city, grid


def streets(*drawn: tuple[Kind, str, list[tuple[float, float]]]) -> Streets:
    """Lines given in hundreds of metres (east, north) from a place on the equator."""
    features = [line(kind, name, np.array(points) * 100 / 111_195.0) for kind, name, points in drawn]
    return {"type": "FeatureCollection", "generated": True, "attribution": "made for a test", "features": features}


def joins(graph: RoadGraph) -> set[frozenset[str]]:
    """Names of streets that meet at a node."""
    names: dict[int, set[str]] = {}
    for arc in range(len(graph.tail)):
        names.setdefault(int(graph.tail[arc]), set()).add(graph.street(arc))
    return {frozenset(met) for met in names.values() if len(met) > 1}


def test_streets_that_cross_meet() -> None:
    graph = generated_roads(streets(("residential", "A", [(-3, 0), (3, 0)]), ("residential", "B", [(0, -3), (0.4, 3)])))
    assert joins(graph) == {frozenset("AB")}
    assert len(graph.lat) == 5
    assert graph.generated
    assert graph.attribution == "made for a test"


def test_a_street_that_ends_close_to_another_meets_it() -> None:
    graph = generated_roads(streets(("residential", "A", [(-3, 0), (3, 0)]), ("residential", "B", [(0, 0.15), (0, 3)])))
    assert joins(graph) == {frozenset("AB")}


def test_a_street_that_ends_further_away_does_not() -> None:
    graph = generated_roads(streets(("residential", "A", [(-3, 0), (3, 0)]), ("residential", "B", [(0, 0.5), (0, 3)])))
    assert joins(graph) == set()


def test_a_freeway_passes_over_and_is_reached_by_ramps() -> None:
    graph = generated_roads(
        streets(("motorway", "Freeway", [(-9, 0), (9, 0)]), ("primary", "A", [(0.2, -9), (0.2, 9)]),
                ("residential", "B", [(4, -9), (4, 9)]), ("residential", "C", [(0, -5), (6, -5)]))
    )  # fmt: skip
    assert frozenset(("Freeway", "A")) not in joins(graph)
    assert frozenset(("Freeway", "")) in joins(graph)
    assert frozenset(("A", "")) in joins(graph)
    assert not any({"Freeway", "B"} <= met for met in joins(graph))


def test_nothing_to_drive_on_is_said() -> None:
    with pytest.raises(UnreadableRoads):
        generated_roads(streets(("park", "", [(0, 0), (1, 1)])))


def test_the_generated_city_is_one_sound_network_that_can_be_crossed() -> None:
    graph = generated_roads()
    assert flaw_of(graph) is None
    assert len(graph.lat) > 30_000
    router = GraphRouter(Network(graph))
    places = np.array(((32.78, -96.80), (32.95, -96.65), (32.65, -96.95), (32.9, -96.9)))
    seconds, metres = router.times(places, places), distances_m(places[:, None], places)
    apart = ~np.eye(4, dtype=bool)
    pace = metres[apart] / seconds[apart]
    assert pace.min() > 5, "metres a second by the crow"
    assert pace.max() < 25
    steps = router.route(places[:2]).steps
    assert len(steps) > 3
    assert any("onto" in step.instruction for step in steps)


@pytest.mark.parametrize("name", CITIES)
def test_the_fitted_law_is_nearer_to_the_city_than_the_default(name: str) -> None:
    router = GraphRouter(Network(city(name)))
    law = fit_city(router)
    metres, seconds = sample_pairs(router, seed=99)

    def off(guess: PowerLaw) -> float:
        return float(np.abs(np.log(guess.a * metres**guess.b / seconds)).mean())

    assert off(law) < off(PowerLaw()) + 1e-3
    assert 0.4 < law.b < 1


def test_the_law_is_kept_with_the_network_for_each_part_of_the_day() -> None:
    graph = city("portland")
    assert graph.law(1) is None
    whole = fitted(graph)
    assert whole.laws.shape == (3, 2)
    night, peak = whole.law(0), whole.law(2)
    assert night is not None
    assert peak is not None
    there = np.array(((45.50, -122.68),)), np.array(((45.54, -122.62),))
    assert pairs(HaversineRouter(peak), *there)[0] > pairs(HaversineRouter(night), *there)[0]


def test_a_network_too_small_for_a_law_stays_without() -> None:
    assert len(fitted(grid(2)).laws) == 0
