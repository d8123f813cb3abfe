"""Columns read as packed binary values, in the byte order of the network.

`string_agg(float8send(x), '')` and `numpy.frombuffer` read 35,000 rows six times as fast as rows of Python values.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import Floats, Strings
from shared.storage.connection import Row

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""Postgres counts time in microseconds, and dates in days, from here; infinity is the greatest number of the type."""

FLOAT, TIME = np.dtype(">f8"), np.dtype(">i8")


class Columns:
    """One row of aggregated columns: `ids` joined by commas, every other column packed."""

    def __init__(self, row: Row) -> None:
        self._row = row
        self.ids = texts(row["ids"])

    def floats(self, name: str) -> Floats:
        return self.records(name, FLOAT).astype(np.float64)

    def seconds(self, name: str, now: datetime) -> Floats:
        """From now to each time; +inf for infinity."""
        return seconds_until(self.records(name, TIME), now)

    def records(self, name: str, layout: np.dtype[Any]) -> npt.NDArray[Any]:
        """Values of that layout, one a row."""
        return np.frombuffer(self._row[name] or b"", dtype=layout)


def texts(joined: str | None) -> Strings:
    """What Postgres joined by commas; plain letters and all of one length, as ids are, in a fifth of the time. None is none."""
    if joined is None:
        return np.empty(0, dtype=np.str_)
    count = joined.count(",") + 1
    length, odd = divmod(len(joined) + 1, count)
    if joined.isascii() and length > 1 and not odd:
        cells = np.frombuffer(f"{joined},".encode(), dtype=np.uint8).reshape(count, length)
        if (cells[:, -1] == ord(",")).all():
            return cells[:, :-1].astype(np.uint32).view(f"U{length - 1}").ravel()
    return np.array(joined.split(","), dtype=np.str_)


def seconds_until(times: npt.NDArray[Any], now: datetime) -> Floats:
    """From now to each time as Postgres sends it; +inf for infinity."""
    whole = times.astype(np.int64)
    seconds = (whole - (now - EPOCH) // timedelta(microseconds=1)) / 1e6
    return np.where(whole == np.iinfo(np.int64).max, np.inf, seconds)


def packed(*names: str) -> str:
    """The select list that `Columns.floats` reads. No value may be null."""
    return ", ".join(f"string_agg(float8send({name}), '') AS {name}" for name in names)


def packed_times(*names: str) -> str:
    """The select list that `Columns.seconds` reads. No value may be null."""
    return ", ".join(f"string_agg(timestamptz_send({name}), '') AS {name}" for name in names)
