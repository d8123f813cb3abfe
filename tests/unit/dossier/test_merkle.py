"""The tree of RFC 6962, against the vectors of Certificate Transparency and against the RFC's own recursion."""

import hashlib
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dossier.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    leaf_hash,
    node_hash,
    plan_consistency,
    plan_inclusion,
    root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(each)
    for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
"""The leaves, roots and proofs of the reference implementation of Certificate Transparency."""
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION_5_OF_8 = [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
]
CONSISTENCY_2_TO_5 = [
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
]
LARGEST = 70
HASHES = [leaf_hash(str(number).encode()) for number in range(LARGEST)]


def nodes_of(hashes: list[bytes]) -> dict[Node, bytes]:
    frontier = Frontier()
    return dict(completed for each in hashes for completed in frontier.append(each))


def by_the_book(hashes: list[bytes]) -> bytes:
    """MTH, as RFC 6962 section 2.1 writes it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256().digest()
    k = next(1 << n for n in range(10) if 1 << n < len(hashes) <= 2 << n)
    return node_hash(by_the_book(hashes[:k]), by_the_book(hashes[k:]))


def flipped(value: bytes, at: int) -> bytes:
    return value[:at] + bytes([value[at] ^ (1 << at % 8)]) + value[at + 1 :]


NODES = nodes_of(HASHES)
TREE_ROOTS = [root(HASHES[:size]) for size in range(LARGEST + 1)]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    hashes = [leaf_hash(each) for each in LEAVES]
    assert [root(hashes[:size]).hex() for size in range(1, 9)] == ROOTS
    assert root([]) == EMPTY_ROOT == hashlib.sha256().digest()


def test_the_proofs_are_those_of_certificate_transparency() -> None:
    nodes = nodes_of([leaf_hash(each) for each in LEAVES])
    assert [each.hex() for each in plan_inclusion(5, 8).prove(nodes.__getitem__)] == INCLUSION_5_OF_8
    assert [each.hex() for each in plan_consistency(2, 5).prove(nodes.__getitem__)] == CONSISTENCY_2_TO_5


def test_every_root_is_the_one_of_the_rfcs_recursion() -> None:
    assert [by_the_book(HASHES[:size]) for size in range(LARGEST + 1)] == TREE_ROOTS


def test_every_leaf_of_every_tree_is_shown_to_be_included() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = plan_inclusion(index, size).prove(NODES.__getitem__)
            assert verify_inclusion(HASHES[index], index, size, proof, TREE_ROOTS[size])


def test_every_tree_is_shown_to_continue_every_smaller_one() -> None:
    for second in range(LARGEST + 1):
        for first in range(second + 1):
            proof = plan_consistency(first, second).prove(NODES.__getitem__)
            assert verify_consistency(first, second, TREE_ROOTS[first], TREE_ROOTS[second], proof)


@given(st.integers(1, LARGEST), st.data())
def test_any_flipped_byte_of_an_inclusion_is_caught(size: int, draw: st.DataObject) -> None:
    index, at = draw.draw(st.integers(0, size - 1)), draw.draw(st.integers(0, 31))
    proof = plan_inclusion(index, size).prove(NODES.__getitem__)
    assert not verify_inclusion(flipped(HASHES[index], at), index, size, proof, TREE_ROOTS[size])
    assert not verify_inclusion(HASHES[index], index, size, proof, flipped(TREE_ROOTS[size], at))
    for place, node in enumerate(proof):
        forged = [*proof[:place], flipped(node, at), *proof[place + 1 :]]
        assert not verify_inclusion(HASHES[index], index, size, forged, TREE_ROOTS[size])
        assert not verify_inclusion(HASHES[index], index, size, proof[:place] + proof[place + 1 :], TREE_ROOTS[size])
    assert not verify_inclusion(HASHES[index], index, size, [*proof, HASHES[0]], TREE_ROOTS[size])
    other = draw.draw(st.integers(0, size).filter(lambda each: each != index))
    assert not verify_inclusion(HASHES[index], other, size, proof, TREE_ROOTS[size])


@given(st.integers(2, LARGEST), st.data())
def test_any_flipped_byte_of_a_consistency_is_caught(second: int, draw: st.DataObject) -> None:
    first, at = draw.draw(st.integers(1, second - 1)), draw.draw(st.integers(0, 31))
    proof = plan_consistency(first, second).prove(NODES.__getitem__)
    old, new = TREE_ROOTS[first], TREE_ROOTS[second]
    assert not verify_consistency(first, second, flipped(old, at), new, proof)
    assert not verify_consistency(first, second, old, flipped(new, at), proof)
    assert not verify_consistency(first, second, old, new, [*proof, HASHES[0]])
    assert not verify_consistency(second, first, new, old, proof)
    for place, node in enumerate(proof):
        forged = [*proof[:place], flipped(node, at), *proof[place + 1 :]]
        assert not verify_consistency(first, second, old, new, forged)
        assert not verify_consistency(first, second, old, new, proof[:place] + proof[place + 1 :])


def test_a_proof_that_ends_below_the_root_is_not_taken() -> None:
    consistency = plan_consistency(2, 5).prove(NODES.__getitem__)
    assert not verify_consistency(2, 9, TREE_ROOTS[2], TREE_ROOTS[5], consistency)
    inclusion = plan_inclusion(1, 5).prove(NODES.__getitem__)
    assert not verify_inclusion(HASHES[1], 1, 9, inclusion, TREE_ROOTS[5])


def test_a_tree_continues_itself_and_the_empty_one_without_a_proof() -> None:
    assert verify_consistency(5, 5, TREE_ROOTS[5], TREE_ROOTS[5], [])
    assert not verify_consistency(5, 5, TREE_ROOTS[5], TREE_ROOTS[6], [])
    assert verify_consistency(0, 5, EMPTY_ROOT, TREE_ROOTS[5], [])
    assert not verify_consistency(0, 5, TREE_ROOTS[1], TREE_ROOTS[5], [])
    assert not verify_consistency(3, 5, TREE_ROOTS[3], TREE_ROOTS[5], [])


def test_what_is_not_a_hash_is_neither_appended_nor_proved() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Frontier().append(b"short")
    assert not verify_inclusion(b"short", 0, 1, [], b"short")
    assert not verify_consistency(1, 1, b"short", b"short", [])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_a_leaf_outside_the_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        plan_inclusion(index, size)
    assert not verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


def test_a_smaller_tree_does_not_continue_a_larger_one() -> None:
    with pytest.raises(ValueError, match="does not continue"):
        plan_consistency(4, 3)


def test_a_frontier_goes_on_from_its_packed_state() -> None:
    frontier = Frontier()
    for size, each in enumerate(HASHES):
        frontier = Frontier.unpack(frontier.pack())
        assert (frontier.size, frontier.root()) == (size, TREE_ROOTS[size])
        frontier.append(each)
        assert len(frontier.pack()) == 8 + 32 * (size + 1).bit_count()


@pytest.mark.parametrize("state", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\x00" * 9])
def test_a_state_that_is_not_a_frontiers_is_refused(state: bytes) -> None:
    with pytest.raises(ValueError, match="state of a frontier"):
        Frontier.unpack(state)


def test_a_node_is_completed_once_and_never_changes() -> None:
    frontier = Frontier()
    completed = [node for each in HASHES for node, _ in frontier.append(each)]
    assert len(completed) == len(set(completed))
    for (level, index), value in NODES.items():
        assert value == TREE_ROOTS[1 << level] if index == 0 else len(value) == 32
        if level > 0:
            assert value == node_hash(NODES[level - 1, 2 * index], NODES[level - 1, 2 * index + 1])


def test_a_proof_in_a_million_entries_reads_few_nodes_and_a_root_is_made_at_once() -> None:
    size = 1_000_000
    state = size.to_bytes(8, "big") + HASHES[0] * size.bit_count()
    started = time.perf_counter()
    Frontier.unpack(state).root()
    assert time.perf_counter() - started < 0.1
    assert len(plan_inclusion(0, size).nodes) <= 60
    assert len(plan_consistency(999_999, size).nodes) <= 60
    levels = [level for level, _ in plan_inclusion(0, size).nodes]
    assert all(low < high for low, high in pairwise(levels[:19]))
