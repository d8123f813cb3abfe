"""Columns for Postgres, in its own binary format."""

import struct
from datetime import UTC, datetime
from random import Random

import numpy as np

from shared.dispatch import arrays
from shared.kernel.ids import new_ids

AT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


def test_ids_are_those_of_the_kernel_in_ascending_order() -> None:
    made = arrays.ids("ofr", AT, Random(5).randbytes, 300)
    assert made.tolist() == sorted(new_ids("ofr", AT, Random(5).randbytes, 300))


def test_every_text_stands_behind_its_size() -> None:
    for texts in (["ord_1", "ord_2"], ["a", "longer"], ["", "b"], ["é", "ü"], ["only"]):
        data, at, found = arrays.packed(np.array(texts)), 20, []
        for _ in texts:
            [size] = struct.unpack_from(">i", data, at)
            found.append(data[at + 4 : at + 4 + size].decode())
            at += 4 + size
        assert found == texts
        assert at == len(data)
