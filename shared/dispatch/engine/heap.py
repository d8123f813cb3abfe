"""A binary heap in two arrays, smallest key on top: for compiled code, which has no `heapq` for pairs without allocating."""

from __future__ import annotations

from shared.dispatch.engine.columns import Ints
from shared.dispatch.engine.compiled import compiled


@compiled
def push(keys: Ints, values: Ints, size: int, key: int, value: int) -> int:
    """Put a value in; gives the new size. The arrays must have room for it."""
    at = size
    while at > 0:
        parent = (at - 1) >> 1
        if keys[parent] <= key:
            break
        keys[at], values[at] = keys[parent], values[parent]
        at = parent
    keys[at], values[at] = key, value
    return size + 1


@compiled
def pop(keys: Ints, values: Ints, size: int) -> int:
    """Take the smallest out, which stood at 0; gives the new size. The heap must not be empty."""
    last = size - 1
    key, value = keys[last], values[last]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= last:
            break
        if child + 1 < last and keys[child + 1] < keys[child]:
            child += 1
        if keys[child] >= key:
            break
        keys[at], values[at] = keys[child], values[child]
        at = child
    keys[at], values[at] = key, value
    return last
