"""The replay file: every column of a Problem, and its plain values, as bytes.

    uint32 length of the deflated run, little-endian | deflated run | noise
    deflated run: uint32 length of the head, little-endian | head, JSON | the even planes of the columns

The head holds the plain values and each column's name, type, length and the numbers of its noisy planes. Columns lie byte plane
by byte plane, all first bytes, then all second ones: alike ones come to stand together, which deflates in a third of the time.
The low bytes of most numbers are noise, which hardly deflates: those planes are kept as they are, which takes a third of the
time again. The file holds identifiers, positions and times only, no personal data. The same problem always gives the same bytes.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import Flags, columns_of
from shared.dispatch.engine.problem import Drivers, Jobs, Problem, Region, Roads

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 5
"""Raised by one whenever an older reader would misread the file."""

SAMPLE, EVENLY = 256, 20
"""A plane is noise when no byte comes more often than `EVENLY` times among its first `SAMPLE` ones: of random bytes each comes
once, of random letters, as ids end in, eight times. Deflating those saves three bits of eight at ten nanoseconds a byte."""

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
        "columns": [
            [name, values.dtype.str, len(values), noisy[name].nonzero()[0].tolist()] for name, values in stored.items()
        ],
    }
    text = json.dumps(head, sort_keys=True).encode()
    even = [each[~noisy[name]].tobytes() for name, each in planes.items()]
    deflater = zlib.compressobj(level=1, strategy=zlib.Z_RLE)
    deflated = deflater.compress(b"".join([len(text).to_bytes(4, "little"), text, *even])) + deflater.flush()
    noise = [each[noisy[name]].tobytes() for name, each in planes.items()]
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
    if len(data) != noise_at + sum(len(noisy) * count for _, _, count, noisy in head["columns"]):
        raise UnreadableReplay("this replay file is cut short")
    columns = {}
    for name, text, count, noisy in head["columns"]:
        dtype = np.dtype(text)
        planes = np.empty((dtype.itemsize, count), dtype=np.uint8)
        for place in range(dtype.itemsize):
            if place in noisy:
                planes[place] = np.frombuffer(data, np.uint8, count, noise_at)
                noise_at += count
            else:
                planes[place] = np.frombuffer(deflated, np.uint8, count, even_at)
                even_at += count
        columns[name] = _column_of(planes, dtype)
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


def _noisy(planes: Planes) -> Flags:
    """Which of the planes are noise."""
    sample = planes[:, :SAMPLE]
    if sample.shape[1] < SAMPLE:
        return np.zeros(len(planes), dtype=np.bool_)
    of_plane = np.arange(len(sample))[:, None] * 256
    counts = np.bincount((sample + of_plane).ravel(), minlength=len(sample) * 256)
    return np.asarray(counts.reshape(-1, 256).max(axis=1) <= EVENLY)


def _column_of(planes: Planes, dtype: np.dtype[Any]) -> Column:
    column = np.ascontiguousarray(planes.T).reshape(-1).view(dtype)
    return column.astype(np.str_) if dtype.kind == "S" else column


def _table(columns: dict[str, Column], name: str) -> dict[str, Column]:
    prefix = f"{name}."
    return {column.removeprefix(prefix): values for column, values in columns.items() if column.startswith(prefix)}
