import contextlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.routing.roads import UnreadableRoads, load_roads, save_roads
from shared.routing.roads.store import ARRAYS
from tests.unit.routing.networks import grid


def test_a_network_comes_back_from_its_file_as_it_was(tmp_path: Path) -> None:
    graph = replace(grid(5, bans=6), laws=np.array([(1.0, 0.7)] * 3))
    save_roads(graph, tmp_path / "deep" / "roads.npz")
    loaded = load_roads(tmp_path / "deep" / "roads.npz")
    for name in ARRAYS:
        assert np.array_equal(getattr(loaded, name), getattr(graph, name)), name
    assert (loaded.names, loaded.attribution, loaded.generated) == (graph.names, graph.attribution, graph.generated)
    assert loaded.version == graph.version
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["roads.npz"]


def test_other_content_has_another_version() -> None:
    graph = grid(4)
    assert grid(4).version == graph.version
    assert replace(graph, seconds=graph.seconds * 2).version != graph.version
    assert replace(graph, attribution="someone else").version != graph.version


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(UnreadableRoads, match="cloudrun job import_roads"):
        load_roads(tmp_path / "roads.npz")


def test_a_file_of_another_format_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("shared.routing.roads.store.FORMAT", 99)
        save_roads(grid(3), tmp_path / "roads.npz")
    with pytest.raises(UnreadableRoads, match="format 99"):
        load_roads(tmp_path / "roads.npz")


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), byte=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_file_is_read_as_it_was_or_refused_by_name(
    tmp_path: Path, where: float, byte: int, cut: bool
) -> None:
    graph = grid(4, bans=3)
    file = tmp_path / "roads.npz"
    save_roads(graph, file)
    content = bytearray(file.read_bytes())
    place = int(where * len(content))
    content[place] ^= byte
    file.write_bytes(content[:place] if cut else content)
    with contextlib.suppress(UnreadableRoads):
        assert load_roads(file).version == graph.version


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [("tail", lambda a: a + 1, "tail points outside"), ("order", np.zeros_like, "permutation"),
     ("seconds", lambda a: a * 0, "no time"), ("seconds", lambda a: a[:1], "wrong width"), ("lat", lambda a: a * 1e6, "Earth"),
     ("first", lambda a: a[:-1], "first has"), ("lng", lambda a: a.astype(np.float32), "lng is float32"),
     ("laws", lambda a: np.ones((1, 2)), "laws"), ("shape", lambda a: a * np.nan, "Earth")],
)  # fmt: skip
def test_a_network_that_cannot_be_is_refused(tmp_path: Path, name: str, change: object, words: str) -> None:
    graph = grid(4)
    broken = replace(graph, **{name: change(getattr(graph, name))})  # type: ignore[operator]
    save_roads(broken, tmp_path / "roads.npz")
    with pytest.raises(UnreadableRoads, match=words):
        load_roads(tmp_path / "roads.npz")
