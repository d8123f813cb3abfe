"""Read-only numpy columns: what the engine's tables are made of."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

type_of_column: dict[str, type[np.generic]] = {
    "Floats": np.float64,
    "Ints": np.int64,
    "Flags": np.bool_,
    "Strings": np.str_,
}
"""The dtype each annotated column is kept in; integers and strings of any width are taken."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]
Strings = npt.NDArray[np.str_]


def freeze(table: DataclassInstance) -> None:
    """Replace every column of a frozen dataclass by a private read-only copy of its declared dtype."""
    for field in fields(table):
        if field.type in type_of_column:
            column = np.array(getattr(table, field.name), dtype=type_of_column[str(field.type)])
            column.setflags(write=False)
            object.__setattr__(table, field.name, column)


def take_over(table: DataclassInstance) -> None:
    """Make the columns of a frozen dataclass read-only in place: for arrays that the engine itself has just made."""
    for field in fields(table):
        if field.type in type_of_column:
            getattr(table, field.name).setflags(write=False)


def check_lengths(table: DataclassInstance) -> None:
    """Raise ValueError unless all columns are one-dimensional and equally long."""
    columns = columns_of(table)
    lengths = {name: column.shape for name, column in columns.items()}
    if any(column.ndim != 1 for column in columns.values()) or len(set(lengths.values())) > 1:
        raise ValueError(f"{type(table).__name__}: columns must be one-dimensional and equally long, got {lengths}")


def check_range(table: DataclassInstance, low: float, high: float, *names: str) -> None:
    """Raise ValueError if a value of a named column is NaN or outside [low, high]."""
    for name in names:
        column = getattr(table, name)
        if not bool(np.all((column >= low) & (column <= high))):
            raise ValueError(f"{type(table).__name__}.{name}: every value must be from {low} to {high}")


def columns_of(table: DataclassInstance) -> dict[str, npt.NDArray[Any]]:
    """The columns by name, in order of declaration; plain values of the table are left out."""
    return {f.name: getattr(table, f.name) for f in fields(table) if isinstance(getattr(table, f.name), np.ndarray)}
