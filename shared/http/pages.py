"""Lists in pages: `limit` and an opaque `cursor` go in, `items` and `next_cursor` come out.

A cursor holds the key of the last item seen, so what is added or removed meanwhile neither repeats nor hides another.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from pydantic import Field

from shared.kernel.errors import BadInput
from shared.kernel.wire import Query, View
from shared.storage.connection import Row

T = TypeVar("T")
Item = TypeVar("Item")

_KEY = re.compile(r"^[\x21-\x7e]{1,120}$")


class PageQuery(Query):
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, min_length=1, max_length=200)

    @property
    def after(self) -> str:
        """The key of the last item seen, empty at the start. Raises BadInput for a cursor that no list gave."""
        return _decode(self.cursor) if self.cursor else ""

    @property
    def fetch(self) -> int:
        """How many rows to read: one beyond the page tells whether there is a next one."""
        return self.limit + 1


class Page(View, Generic[T]):
    items: list[T]
    next_cursor: str | None


def page(rows: Sequence[Row], query: PageQuery, key: str, view: Callable[[Row], T]) -> Page[T]:
    """Up to `query.fetch` rows, in the order of their `key`, as a page of views."""
    return page_of(rows, query, lambda row: str(row[key]), view)


def page_of(items: Sequence[Item], query: PageQuery, key: Callable[[Item], str], view: Callable[[Item], T]) -> Page[T]:
    """Up to `query.fetch` items, in the order of their keys, as a page of views."""
    shown = items[: query.limit]
    next_cursor = _encode(key(shown[-1])) if len(items) > query.limit else None
    return Page(items=[view(item) for item in shown], next_cursor=next_cursor)


def _encode(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        key = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        key = ""
    if not _KEY.match(key):
        raise BadInput.field("query.cursor", "is not a cursor that this list gave")
    return key
