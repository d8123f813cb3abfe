"""Which zone a place is in."""

import h3
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shared.dispatch.zones.cells import METRES_PER_DEGREE, RESOLUTION, cover, outline

DALLAS = (32.7767, -96.7970)
STORES = np.random.default_rng(1).normal(DALLAS, 0.1, (60, 2))
ZONING = cover(STORES[:, 0], STORES[:, 1])


def test_every_store_is_in_the_cell_that_h3_gives_it_save_at_the_borders() -> None:
    located = ZONING.cell[ZONING.locate(STORES[:, 0], STORES[:, 1])].tolist()
    asked = [h3.latlng_to_cell(lat, lng, RESOLUTION) for lat, lng in STORES.tolist()]
    assert sum(a != b for a, b in zip(located, asked, strict=True)) <= 1


def test_of_a_thousand_places_in_the_region_at_most_one_in_fifty_is_on_another_side_of_a_border_than_in_h3() -> None:
    places = np.random.default_rng(2).normal(DALLAS, 0.08, (1_000, 2))
    located = ZONING.locate(places[:, 0], places[:, 1])
    row_of = {cell: row for row, cell in enumerate(ZONING.cell.tolist())}
    asked = np.array([row_of.get(h3.latlng_to_cell(lat, lng, RESOLUTION), -1) for lat, lng in places.tolist()])
    assert np.mean(located != asked) < 0.02


def test_a_store_brings_two_rings_of_cells() -> None:
    alone = cover(np.array([DALLAS[0]]), np.array([DALLAS[1]]))
    assert len(alone) == 1 + 6 + 12
    assert len(alone.neighbours()) == 42
    assert not len(cover(np.zeros(0), np.zeros(0)))


def test_neighbours_are_h3_s_neighbours() -> None:
    pairs = {frozenset(pair) for pair in ZONING.cell[ZONING.neighbours()].tolist()}
    known = set(ZONING.cell.tolist())
    expected = {frozenset((cell, other)) for cell in known for other in h3.grid_ring(cell, 1) if other in known}
    assert pairs == expected


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_is_in_a_zone_whose_centre_is_no_further_than_a_corner_or_in_none(lat: float, lng: float) -> None:
    [zone] = ZONING.locate(np.array([lat]), np.array([lng])).tolist()
    across = np.hypot(ZONING.lat - lat, (ZONING.lng - lng) * np.cos(np.radians(ZONING.lat.mean())))
    near = across * METRES_PER_DEGREE < ZONING.radius_m
    assert (zone >= 0) == bool(near.any())
    assert zone == -1 or across[zone] == across.min()


def test_an_outline_is_a_closed_ring_around_its_centre() -> None:
    ring = outline(str(ZONING.cell[0]))
    lng, lat = np.array(ring[:-1]).mean(axis=0)
    assert (ring[0], len(ring)) == (ring[-1], 7)
    assert np.hypot(lat - ZONING.lat[0], lng - ZONING.lng[0]) < 1e-4
