"""The replay file: every column of a Problem, and its plain values, in one deflated run of bytes.

    uint32 length of the head, little-endian | head, JSON | the columns one after another

The head holds the plain values and each column's name, type and length. Numbers lie byte plane by byte plane, all first bytes,
then all second ones: alike ones come to stand together, which deflates in a third of the time. Strings are a JSON array.
It holds identifiers, positions and times only, no personal data. The same problem always gives the same bytes.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import columns_of
from shared.dispatch.engine.problem import Drivers, Jobs, Problem, Region, Roads

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 3
"""Raised by one whenever an older reader would misread the file."""

Column = npt.NDArray[Any]


class UnreadableReplay(ValueError):
    """The bytes are no replay file, or one of a format this engine does not read."""


def to_bytes(problem: Problem) -> bytes:
    """Deflated by run lengths and Huffman codes alone (RFC 1951): noise in last digits has no repeats to search for."""
    layout = _laid_out(problem)
    deflater = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    return deflater.compress(layout) + deflater.flush()


def _laid_out(problem: Problem) -> bytes:
    tables: dict[str, DataclassInstance] = {"jobs": problem.jobs, "drivers": problem.drivers, "region": problem.region}
    if problem.roads is not None:
        tables["roads"] = problem.roads
    columns = {
        f"{name}.{column}": values for name, table in tables.items() for column, values in columns_of(table).items()
    }
    stored = {name: _narrow(values) for name, values in (columns | {"excluded": problem.excluded.ravel()}).items()}
    parts = {name: _bytes_of(values) for name, values in stored.items()}
    head = {
        "format": FORMAT,
        "hour_of_day": problem.region.hour_of_day,
        "median_paid_rate": problem.region.median_paid_rate,
        "busy_drivers": problem.region.busy_drivers,
        "router": None if problem.roads is None else problem.roads.router,
        "columns": [[name, values.dtype.str, len(parts[name])] for name, values in stored.items()],
    }
    text = json.dumps(head, sort_keys=True).encode()
    return b"".join((len(text).to_bytes(4, "little"), text, *parts.values()))


def from_bytes(data: bytes) -> Problem:
    """The problem back, bit for bit. Raises UnreadableReplay."""
    try:
        layout = zlib.decompress(data)
        start = 4 + int.from_bytes(layout[:4], "little")
        head = json.loads(layout[4:start])
        found = head["format"]
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise UnreadableReplay("these bytes are not a replay file") from error
    if found != FORMAT:
        raise UnreadableReplay(f"replay format {found} is not {FORMAT}; read it with the engine that wrote it")
    columns = {}
    for name, dtype, size in head["columns"]:
        columns[name] = _column_of(layout[start : start + size], np.dtype(dtype))
        start += size
    return Problem(
        jobs=Jobs(**_table(columns, "jobs")),
        drivers=Drivers(**_table(columns, "drivers")),
        region=_region(head, columns),
        excluded=columns["excluded"].reshape(-1, 2),
        roads=None if head["router"] is None else Roads(head["router"], **_table(columns, "roads")),
    )


def _region(head: dict[str, Any], columns: dict[str, Column]) -> Region:
    values: dict[str, Any] = {name: head[name] for name in ("hour_of_day", "median_paid_rate", "busy_drivers")}
    return Region(**(values | _table(columns, "region")))


def _narrow(column: Column) -> Column:
    """Whole numbers in half the bytes where they fit; the tables widen them again."""
    fits = column.dtype == np.int64 and (not len(column) or np.abs(column).max() <= np.iinfo(np.int32).max)
    return column.astype(np.int32) if fits else column


def _bytes_of(column: Column) -> bytes:
    if column.dtype.kind == "U":
        return json.dumps(column.tolist()).encode()
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), column.itemsize).T.tobytes()


def _column_of(data: bytes, dtype: np.dtype[Any]) -> Column:
    if dtype.kind == "U":
        return np.array(json.loads(data), dtype=dtype)
    planes = np.frombuffer(data, dtype=np.uint8).reshape(dtype.itemsize, -1)
    return np.ascontiguousarray(planes.T).reshape(-1).view(dtype)


def _table(columns: dict[str, Column], name: str) -> dict[str, Column]:
    prefix = f"{name}."
    return {column.removeprefix(prefix): values for column, values in columns.items() if column.startswith(prefix)}
