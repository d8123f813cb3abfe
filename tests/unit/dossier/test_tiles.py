"""Tiles against the plain tree: the same nodes, paths of C2SP, and growth that never takes anything back."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.dossier.merkle import HASH_SIZE, Frontier, plan_consistency, plan_inclusion, root, verify_inclusion
from shared.dossier.tiles import WIDTH, Place, Tile, added, grown, numbered, parse, places, reader

LEAVES = [hashlib.sha256(n.to_bytes(4, "big")).digest() for n in range(70_000)]


def tiles_of(size: int) -> dict[Place, bytes]:
    frontier = Frontier()
    return added(node for leaf in LEAVES[:size] for node in frontier.append(leaf))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0, 256), "0/000"),
        (Tile(0, 5, 112), "0/005.p/112"),
        (Tile(1, 1_234_067, 256), "1/x001/x234/067"),
        (Tile(2, 70_000, 1), "2/x070/000.p/1"),
    ],
)
def test_a_path_is_the_one_of_the_specification_and_leads_back(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse(path) == tile


@pytest.mark.parametrize(
    "path",
    ["", "0", "0/1", "0/000.p/0", "0/000.p/256", "0/000.p/257", "60/000", "00/000", "0/x000/001", "0/001/002", "0/٠٠١"],
)
def test_any_other_text_is_no_path(path: str) -> None:
    assert parse(path) is None


def test_a_full_tile_has_no_width_in_its_number() -> None:
    assert numbered(7, WIDTH) == "007"
    assert numbered(7, WIDTH - 1) == "007.p/255"


@settings(max_examples=30, deadline=None)
@given(size=st.integers(1, 700), data=st.data())
def test_proofs_from_tiles_are_those_of_the_tree(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tiles = tiles_of(size)
    plan = plan_inclusion(index, size)
    assert places(plan.nodes) <= tiles.keys()
    proof = plan.prove(reader(tiles))
    assert verify_inclusion(LEAVES[index], index, size, proof, root(LEAVES[:size]))


def test_a_tree_of_three_levels_of_tiles_is_read_from_few_of_them() -> None:
    tiles = tiles_of(70_000)
    assert {level for level, _ in tiles} == {0, 1, 2}
    plan = plan_inclusion(12_345, 70_000)
    assert verify_inclusion(LEAVES[12_345], 12_345, 70_000, plan.prove(reader(tiles)), root(LEAVES))
    assert len(places(plan.nodes)) <= 5
    assert len(places(plan_consistency(40_000, 70_000).nodes)) <= 5


@settings(max_examples=60, deadline=None)
@given(sizes=st.lists(st.integers(0, 70_000), min_size=1, max_size=6).map(sorted))
def test_growing_in_steps_writes_every_tile_that_the_end_has(sizes: list[int]) -> None:
    written: dict[Place, int] = {}
    before = 0
    for size in sizes:
        for tile in grown(before, size):
            assert tile.width > written.get(tile.place, 0), "a tile is written again only when it is wider"
            written[tile.place] = tile.width
        before = size
    assert written == {place: len(hashes) // HASH_SIZE for place, hashes in tiles_of(sizes[-1]).items()}
