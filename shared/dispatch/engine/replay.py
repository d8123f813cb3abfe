"""The replay file: a Problem as a compressed numpy archive (npz), its plain values as one JSON member.

It holds identifiers, positions and times only, no personal data. The same problem always gives the same bytes.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from shared.dispatch.engine.columns import columns_of
from shared.dispatch.engine.problem import Drivers, Jobs, Problem, Region, Roads

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 1
"""Raised by one whenever an older reader would misread the file."""


class UnreadableReplay(ValueError):
    """The bytes are no replay file, or one of a format this engine does not read."""


def to_bytes(problem: Problem) -> bytes:
    tables: dict[str, DataclassInstance] = {"jobs": problem.jobs, "drivers": problem.drivers, "region": problem.region}
    if problem.roads is not None:
        tables["roads"] = problem.roads
    members = {
        f"{name}.{column}": values for name, table in tables.items() for column, values in columns_of(table).items()
    }
    plain = {
        "format": FORMAT,
        "hour_of_day": problem.region.hour_of_day,
        "median_paid_rate": problem.region.median_paid_rate,
        "router": None if problem.roads is None else problem.roads.router,
    }
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        plain=np.frombuffer(json.dumps(plain, sort_keys=True).encode(), dtype=np.uint8),
        excluded=problem.excluded,
        **members,
    )
    return buffer.getvalue()


def from_bytes(data: bytes) -> Problem:
    """The problem back, bit for bit. Raises UnreadableReplay."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            members = {name: archive[name] for name in archive.files}
        plain = json.loads(members["plain"].tobytes())
    except (ValueError, TypeError, KeyError, EOFError, OSError, zipfile.BadZipFile, zlib.error) as error:
        raise UnreadableReplay("these bytes are not a replay file") from error
    if plain["format"] != FORMAT:
        raise UnreadableReplay(
            f"replay format {plain['format']} is not {FORMAT}; read it with the engine that wrote it"
        )
    return Problem(
        jobs=Jobs(**_table(members, "jobs")),
        drivers=Drivers(**_table(members, "drivers")),
        region=Region(plain["hour_of_day"], plain["median_paid_rate"], **_table(members, "region")),
        excluded=members["excluded"],
        roads=None if plain["router"] is None else Roads(plain["router"], **_table(members, "roads")),
    )


def _table(members: dict[str, npt.NDArray[Any]], name: str) -> dict[str, npt.NDArray[Any]]:
    prefix = f"{name}."
    return {member.removeprefix(prefix): values for member, values in members.items() if member.startswith(prefix)}
