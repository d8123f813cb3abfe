"""The engine's inner loops, where numpy has no word for what they do: plain Python over arrays, compiled by numba.

Numba keeps machine code on disk and makes it anew when the file of a function changes, but not when a function changes that is
called in another file. So the code is kept in a folder named after all sources of the engine, in NUMBA_CACHE_DIR or beside them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")

ENGINE = Path(__file__).parent


def _folder() -> Path:
    sources = (file.read_bytes() for file in sorted(ENGINE.rglob("*.py")))
    digest = blake2b(b"\0".join(sources), digest_size=8).hexdigest()
    return Path(os.environ.get("NUMBA_CACHE_DIR") or ENGINE / "__pycache__") / f"machine-code-{digest}"


numba.config.CACHE_DIR = str(_folder())  # type: ignore[attr-defined]

WITHOUT_REFERENCES: dict[str, Any] = {"_nrt": False}
"""Numba's option, of its own tests so far, to count no references to arrays."""


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile at the first call with its types, or load what an earlier process compiled; it runs without the interpreter's
    lock. What the function calls must be compiled too."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))


def in_place(function: Callable[P, R]) -> Callable[P, R]:
    """The same for a function that makes no array but changes those it is given. The references to these are not counted, which
    in functions of some nanoseconds takes several times as long as their work."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True, **WITHOUT_REFERENCES)(function))
