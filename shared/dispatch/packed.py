"""Columns read as packed binary floats.

`string_agg(float8send(x), '')` and `numpy.frombuffer` read 35,000 rows six times as fast as rows of Python values.
"""

import numpy as np

from shared.dispatch.engine.columns import Floats
from shared.storage.connection import Row


class Columns:
    """One row of aggregated columns: `ids` joined by commas, every other column packed big-endian float64."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.ids = np.array((row["ids"] or "").split(",") if row["ids"] else [], dtype=np.str_)

    def floats(self, name: str) -> Floats:
        return np.frombuffer(self._row[name] or b"", dtype=">f8").astype(np.float64)


def packed(*names: str) -> str:
    """The select list that `Columns.floats` reads. No value may be null."""
    return ", ".join(f"string_agg(float8send({name}), '') AS {name}" for name in names)
