"""The Merkle tree of the transparency log: RFC 6962 section 2.1, with the verification algorithms of RFC 9162.

Hashes are 32 raw bytes, and a tree is spoken of by the hashes of its leaves. A full subtree has a `Node` address:
(level, index) covers the 2^level leaves from index * 2^level on. Its hash never changes once it is full, so a store
keeps nodes by address, and a proof reads O(log² n) of them. No I/O and no clock.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of no leaves. RFC 6962 section 2.1: MTH({}) = SHA-256()."""

Node = tuple[int, int]
Reader = Callable[[Node], bytes]
"""Gives the hash of a full subtree, for example `dict.__getitem__`."""

_Span = tuple[int, int]
"""The leaves from the first number on, up to but not including the second."""


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256(0x00 || leaf)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaf_hashes: Iterable[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1."""
    frontier = Frontier()
    for each in leaf_hashes:
        frontier.append(each)
    return frontier.root()


class Frontier:
    """A tree that only grows: the roots of its full subtrees, largest first, one per bit set in its size.

    The state is O(log n) and the root costs O(log n), so that signing over a million entries reads none of them.
    """

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        return self._size

    def append(self, leaf_hash: bytes) -> list[tuple[Node, bytes]]:
        """Add one leaf. Gives the nodes that it completes, the leaf itself first: what a store has to keep."""
        _require_hash(leaf_hash)
        level, index, current = 0, self._size, leaf_hash
        completed: list[tuple[Node, bytes]] = [((level, index), current)]
        while index & 1:
            level, index, current = level + 1, index >> 1, node_hash(self._peaks.pop(), current)
            completed.append(((level, index), current))
        self._peaks.append(current)
        self._size += 1
        return completed

    def root(self) -> bytes:
        return _fold(self._peaks) if self._peaks else EMPTY_ROOT

    def pack(self) -> bytes:
        """The state: the size in 8 bytes, big-endian, then the peaks."""
        return self._size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def unpack(cls, state: bytes) -> "Frontier":
        """Raises ValueError when these bytes are not what `pack` gives."""
        found = cls()
        found._size = int.from_bytes(state[:8], "big")
        if len(state) != 8 + HASH_SIZE * found._size.bit_count():
            raise ValueError("the state of a frontier has 8 bytes of size and one hash per bit set in it")
        found._peaks = [state[at : at + HASH_SIZE] for at in range(8, len(state), HASH_SIZE)]
        return found


@dataclass(frozen=True, slots=True)
class Plan:
    """Which nodes a proof is made of. A store reads `nodes` in one query, then `prove` folds them."""

    spans: tuple[_Span, ...]

    @property
    def nodes(self) -> list[Node]:
        return [node for span in self.spans for node in _full_subtrees(span)]

    def prove(self, read: Reader) -> list[bytes]:
        return [_fold([read(node) for node in _full_subtrees(span)]) for span in self.spans]


def plan_inclusion(index: int, size: int) -> Plan:
    """PATH(m, D[n]) of RFC 6962 section 2.1.1: the siblings on the way from leaf `index` up to the root."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    spans: list[_Span] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((begin, middle))
            begin = middle
    return Plan(tuple(reversed(spans)))


def plan_consistency(first: int, second: int) -> Plan:
    """PROOF(m, D[n]) of RFC 6962 section 2.1.2: shows that the tree of `first` leaves begins that of `second`."""
    if not 0 <= first <= second:
        raise ValueError(f"a tree of {second} does not continue one of {first}")
    spans: list[_Span] = []
    begin, end = 0, second
    while 0 < first < end:
        middle = begin + _split(end - begin)
        if first <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((begin, middle))
            begin = middle
    if begin > 0:
        spans.append((begin, end))
    return Plan(tuple(reversed(spans)))


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 section 2.1.3.2, which spells out how a proof of RFC 6962 section 2.1.1 is checked."""
    if not 0 <= index < size or any(len(each) != HASH_SIZE for each in (leaf_hash, root, *proof)):
        return False
    position, last, current = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and current == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """RFC 9162 section 2.1.4.2, for proofs of RFC 6962 section 2.1.2. Every tree continues the empty one."""
    if not 0 <= first <= second or any(len(each) != HASH_SIZE for each in (first_root, second_root, *proof)):
        return False
    if first == second:
        return not proof and first_root == second_root
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    position, last = first - 1, second - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The k of RFC 6962 section 2.1: the largest power of two smaller than `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def _full_subtrees(span: _Span) -> list[Node]:
    """A span as full subtrees, largest first: its begin is a multiple of the largest, as RFC 6962 splits."""
    begin, end = span
    nodes: list[Node] = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        nodes.append((level, begin >> level))
        begin += 1 << level
    return nodes


def _fold(peaks: Sequence[bytes]) -> bytes:
    """The root over full subtrees, largest first."""
    current = peaks[-1]
    for peak in reversed(peaks[:-1]):
        current = node_hash(peak, current)
    return current


def _require_hash(value: bytes) -> None:
    if len(value) != HASH_SIZE:
        raise ValueError(f"a hash has {HASH_SIZE} bytes, this one {len(value)}")
