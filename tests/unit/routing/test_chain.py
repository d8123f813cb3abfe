from dataclasses import replace
from datetime import time
from pathlib import Path

import numpy as np
import pytest

from shared.routing.chain import RouterSettings, open_chains
from shared.routing.roads import UnreadableRoads, save_roads
from tests.fixtures.routing import pairs
from tests.unit.routing.networks import grid

NEAR = np.array(((0.0, 0.0),)), np.array(((0.003, 0.002),))
ROW = np.array((0,))
NOON = time(12)


def roads(folder: Path) -> Path:
    save_roads(replace(grid(6), laws=np.array([(1.0, 0.7), (2.0, 0.7), (3.0, 0.7)])), folder / "roads.npz")
    return folder / "roads.npz"


@pytest.mark.parametrize("first", ["graph", "haversine"])
def test_the_router_that_settings_name_answers_first(tmp_path: Path, first: str) -> None:
    chain = open_chains(RouterSettings(first, roads=roads(tmp_path)))(NOON)
    assert chain.answer(*NEAR, ROW, ROW).router == first


def test_where_osrm_is_down_the_graph_answers(tmp_path: Path) -> None:
    chain = open_chains(RouterSettings("osrm", "http://127.0.0.1:9", roads=roads(tmp_path)))(NOON)
    assert chain.name == "osrm"
    assert chain.answer(*NEAR, ROW, ROW).router == "graph"


def test_great_circles_take_the_law_of_the_city_and_the_part_of_the_day(tmp_path: Path) -> None:
    far = np.array(((0.5, 0.5),)), np.array(((0.7, 0.7),))
    chains = open_chains(RouterSettings(roads=roads(tmp_path)))
    day, peak = (pairs(chains(at), *far)[0] for at in (NOON, time(17)))
    assert peak == pytest.approx(1.5 * day)


def test_one_part_of_the_day_is_prepared_once(tmp_path: Path) -> None:
    chains = open_chains(RouterSettings(roads=roads(tmp_path)))
    assert chains(NOON) is chains(time(13))
    assert chains(NOON) is not chains(time(23))


def test_a_damaged_network_is_said_and_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "roads.npz").write_bytes(b"junk")
    with pytest.raises(UnreadableRoads):
        open_chains(RouterSettings(roads=tmp_path / "roads.npz"))
    assert (tmp_path / "roads.npz").read_bytes() == b"junk"


@pytest.mark.parametrize(("first", "url"), [("valhalla", ""), ("osrm", "")])
def test_settings_that_name_no_router_are_refused(first: str, url: str) -> None:
    with pytest.raises(ValueError, match=r"router|address"):
        RouterSettings(first, url)
