"""Columns as Postgres arrays in the binary format, so that one statement writes a table without a number becoming text."""

import struct
from datetime import datetime

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import Strings
from shared.kernel.ids import ALPHABET, TAIL_LENGTH, Entropy, first_id

Column = npt.NDArray[np.generic]

# By kind of column: the type in SQL, its object identifier in pg_type.dat, and the value in the byte order of the network.
_FIXED = {"f": ("float8", 701, ">f8"), "i": ("bigint", 20, ">i8"), "b": ("boolean", 16, "?")}
_TEXT_OID = 25

_ALPHABET = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


def ids(prefix: str, at: datetime, entropy: Entropy, count: int) -> Strings:
    """As `new_ids` of the kernel and from the same bytes, in ascending order, in a tenth of the time."""
    random = np.frombuffer(entropy(10 * count), dtype=np.uint8).reshape(count, 10).copy()
    random[:, 0], random[:, 2] = random[:, 0] & 0x0F | 0x70, random[:, 2] & 0x3F | 0x80
    fives = np.zeros((2 * count, 8), dtype=np.uint8)
    fives[:, 3:] = random.reshape(-1, 5)
    letters = fives.view(">u8") >> np.arange(35, -1, -5, dtype=np.uint64) & np.uint64(31)
    tails = np.sort(_ALPHABET[letters.astype(np.intp)].reshape(count, TAIL_LENGTH).view(f"S{TAIL_LENGTH}").ravel())
    return np.char.add(first_id(prefix, at)[:-TAIL_LENGTH], tails.astype(np.str_))


def rows(columns: dict[str, Column]) -> str:
    """A table of a statement whose parameters are the columns, `packed`, each under its own name."""
    arrays = ", ".join(f"CAST(:{name} AS {_sql_type(column)}[])" for name, column in columns.items())
    return f"unnest({arrays}) AS row({', '.join(columns)})"


def packed(column: Column) -> bytes:
    """A column of floats, whole numbers, flags or strings as float8[], bigint[], boolean[] or text[].

    The layout is that of `array_recv`: dimensions, nulls, type, length, lower bound, then each value behind its size.
    """
    if column.dtype.kind in _FIXED:
        _, oid, order = _FIXED[column.dtype.kind]
        sized = np.empty(len(column), dtype=[("size", ">i4"), ("value", order)])
        sized["size"], sized["value"] = np.dtype(order).itemsize, column
        body = sized.tobytes()
    else:
        oid, body = _TEXT_OID, _texts(column)
    return struct.pack(">5i", 1, 0, oid, len(column), 1) + body


def _texts(column: Column) -> bytes:
    """Each text behind its size; those all of one length and plain letters, as ids are, in a hundredth of the time."""
    points = np.ascontiguousarray(column).view(np.uint32).reshape(len(column), column.itemsize // 4)
    if ((points > 0) & (points < 128)).all():
        sized = np.empty(len(column), dtype=[("size", ">i4"), ("value", np.uint8, points.shape[1])])
        sized["size"], sized["value"] = points.shape[1], points
        return sized.tobytes()
    encoded = [text.encode() for text in column.tolist()]
    return b"".join([part for text in encoded for part in (len(text).to_bytes(4, "big"), text)])


def _sql_type(column: Column) -> str:
    return _FIXED[column.dtype.kind][0] if column.dtype.kind in _FIXED else "text"
