"""The replay file: every column of a Problem, and its plain values, as bytes.

    uint32 length of the deflated run, little-endian | deflated run | noise
    deflated run: uint32 length of the head, little-endian | head, JSON | the even planes of the columns

The head holds the plain values and each column's name, type, length and number of noisy planes. Columns lie byte plane by byte
plane, all first bytes, then all second ones: alike ones come to stand together, which deflates in a third of the time. The low
bytes of most numbers are noise, which does not deflate: those planes are kept as they are, which takes a third of the time
again. The file holds identifiers, positions and times only, no personal data. The same problem always gives the same bytes.
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

FORMAT = 4
"""Raised by one whenever an older reader would misread the file."""

SAMPLE, EVENLY = 512, 12
"""A plane is noise when no byte comes more often than `EVENLY` times among its first `SAMPLE` ones: of random bytes one comes
twice, of random letters sixteen times."""

Column = npt.NDArray[Any]
Planes = npt.NDArray[np.uint8]
"""uint8[bytes of a value, values], the lowest byte first."""


class UnreadableReplay(ValueError):
    """The bytes are no replay file, or one of a format this engine does not read."""


def to_bytes(problem: Problem) -> bytes:
    """Deflated by run lengths and Huffman codes alone (RFC 1951): noise in last digits has no repeats to search for."""
    tables: dict[str, DataclassInstance] = {"jobs": problem.jobs, "drivers": problem.drivers, "region": problem.region}
    if problem.roads is not None:
        tables["roads"] = problem.roads
    columns = {
        f"{name}.{column}": values for name, table in tables.items() for column, values in columns_of(table).items()
    }
    stored = {name: _narrow(values) for name, values in (columns | {"excluded": problem.excluded.ravel()}).items()}
    planes = {name: _planes_of(values) for name, values in stored.items()}
    noisy = {name: _noisy(each) for name, each in planes.items()}
    head = {
        "format": FORMAT,
        "hour_of_day": problem.region.hour_of_day,
        "median_paid_rate": problem.region.median_paid_rate,
        "busy_drivers": problem.region.busy_drivers,
        "router": None if problem.roads is None else problem.roads.router,
        "columns": [[name, values.dtype.str, len(values), noisy[name]] for name, values in stored.items()],
    }
    text = json.dumps(head, sort_keys=True).encode()
    deflater = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    run = [deflater.compress(len(text).to_bytes(4, "little") + text)]
    run += [deflater.compress(each[noisy[name] :].tobytes()) for name, each in planes.items()]
    deflated = b"".join([*run, deflater.flush()])
    noise = [each[: noisy[name]].tobytes() for name, each in planes.items()]
    return b"".join([len(deflated).to_bytes(4, "little"), deflated, *noise])


def from_bytes(data: bytes) -> Problem:
    """The problem back, bit for bit. Raises UnreadableReplay."""
    try:
        noise_at = 4 + int.from_bytes(data[:4], "little")
        deflated = zlib.decompress(data[4:noise_at])
        even_at = 4 + int.from_bytes(deflated[:4], "little")
        head = json.loads(deflated[4:even_at])
        found = head["format"]
    except (ValueError, TypeError, KeyError, zlib.error) as error:
        raise UnreadableReplay("these bytes are not a replay file") from error
    if found != FORMAT:
        raise UnreadableReplay(f"replay format {found} is not {FORMAT}; read it with the engine that wrote it")
    if len(data) != noise_at + sum(noisy * count for _, _, count, noisy in head["columns"]):
        raise UnreadableReplay("this replay file is cut short")
    columns = {}
    for name, text, count, noisy in head["columns"]:
        dtype = np.dtype(text)
        noise, even = noisy * count, (dtype.itemsize - noisy) * count
        columns[name] = _column_of(data[noise_at : noise_at + noise] + deflated[even_at : even_at + even], dtype, count)
        noise_at, even_at = noise_at + noise, even_at + even
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
    """Whole numbers in half the bytes where they fit, plain letters in a quarter; the tables widen them again."""
    if column.dtype.kind == "U":
        points = _planes_of(column, np.uint32)
        plain = not points.size or points.max() < 128
        return points.T.astype(np.uint8, order="C").view(f"S{len(points)}").ravel() if plain else column
    fits = column.dtype == np.int64 and (not len(column) or np.abs(column).max() <= np.iinfo(np.int32).max)
    return column.astype(np.int32) if fits else column


def _planes_of(column: Column, unit: type[np.generic] = np.uint8) -> npt.NDArray[Any]:
    units = column.itemsize // np.dtype(unit).itemsize
    return np.ascontiguousarray(column).view(unit).reshape(len(column), units).T


def _noisy(planes: Planes) -> int:
    """How many of the lowest planes are noise."""
    sample = planes[:, :SAMPLE]
    if sample.shape[1] < SAMPLE:
        return 0
    even = (np.bincount(plane).max() > EVENLY for plane in sample)
    return next((place for place, found in enumerate(even) if found), len(planes))


def _column_of(data: bytes, dtype: np.dtype[Any], count: int) -> Column:
    planes = np.frombuffer(data, dtype=np.uint8).reshape(dtype.itemsize, count)
    column = np.ascontiguousarray(planes.T).reshape(-1).view(dtype)
    return column.astype(np.str_) if dtype.kind == "S" else column


def _table(columns: dict[str, Column], name: str) -> dict[str, Column]:
    prefix = f"{name}."
    return {column.removeprefix(prefix): values for column, values in columns.items() if column.startswith(prefix)}
