"""Columns as Postgres arrays in the binary format, so that one statement writes a table without a number becoming text."""

import struct

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.generic]

# By kind of column: the type in SQL, its object identifier in pg_type.dat, and the value in the byte order of the network.
_FIXED = {"f": ("float8", 701, ">f8"), "i": ("bigint", 20, ">i8"), "b": ("boolean", 16, "?")}
_TEXT_OID = 25


def insert(table: str, same: dict[str, str], columns: dict[str, Column]) -> tuple[str, dict[str, str | bytes]]:
    """The statement that writes rows into a table, and its parameters: `same` has one text for all rows."""
    names = ", ".join([*same, *columns])
    values = ", ".join([*(f":{name}" for name in same), *columns])
    arrays = ", ".join(f"CAST(:{name} AS {_sql_type(column)}[])" for name, column in columns.items())
    sql = f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS row({', '.join(columns)})"
    return sql, same | {name: packed(column) for name, column in columns.items()}


def packed(column: Column) -> bytes:
    """A column of floats, whole numbers, flags or strings as float8[], bigint[], boolean[] or text[].

    The layout is that of `array_recv`: dimensions, nulls, type, length, lower bound, then each value behind its size.
    """
    if column.dtype.kind in _FIXED:
        _, oid, order = _FIXED[column.dtype.kind]
        values = np.empty(len(column), dtype=[("size", ">i4"), ("value", order)])
        values["size"], values["value"] = np.dtype(order).itemsize, column
        body = values.tobytes()
    else:
        oid, body = _TEXT_OID, _texts(column)
    return struct.pack(">5i", 1, 0, oid, len(column), 1) + body


def _texts(column: Column) -> bytes:
    """Each text behind its size; those all of one length, as ids are, in a tenth of the time."""
    encoded = np.char.encode(column.astype(np.str_), "utf-8")
    if (np.char.str_len(encoded) == encoded.itemsize).all():
        values = np.empty(len(column), dtype=[("size", ">i4"), ("value", encoded.dtype)])
        values["size"], values["value"] = encoded.itemsize, encoded
        return values.tobytes()
    return b"".join([part for text in encoded.tolist() for part in (len(text).to_bytes(4, "big"), text)])


def _sql_type(column: Column) -> str:
    return _FIXED[column.dtype.kind][0] if column.dtype.kind in _FIXED else "text"
