"""Stripe's form encoding: `metadata[order_id]=…&expand[0]=…` as nested dictionaries and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

_PARTS = re.compile(r"([^\[\]]+)")


def decode(text: str) -> dict[str, Any]:
    """Dictionaries whose keys are 0, 1, 2 … become lists."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = _PARTS.findall(name)
        place = found
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return {name: _lists(value) for name, value in found.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    return list(inner.values()) if all(name.isdigit() for name in inner) else inner
