"""The last door before a log: what looks like somebody's data is cut out, wherever it slipped in.

Nothing personal is logged on purpose (see logs.py). This catches what a library or a vendor quotes in a message of its own.
"""

import re
from typing import Any

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")),
    ("token", re.compile(r"(?<=Bearer )[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)),
    ("password", re.compile(r"(?<=://)[^\s/:@]+:[^\s/@]+(?=@)")),
    ("phone", re.compile(r"(?<![\w.+-])\+[1-9][0-9]{6,14}(?!\w)")),
    ("phone", re.compile(r"(?<![\w.-])(?:\([0-9]{3}\) ?|[0-9]{3}[-. ])[0-9]{3}[-. ][0-9]{4}(?![\w-])")),
    ("card", re.compile(r"(?<![\w.-])(?:[0-9]{4}[ -]){3}[0-9]{1,7}(?![\w-])")),
    (
        "address",
        re.compile(r"(?<![\w-])[0-9]{1,6} (?:[A-Z][\w'.]* ){1,4}(?:St|Ave|Blvd|Rd|Dr|Ln|Ct|Way|Pkwy|Hwy)\b\.?"),
    ),
)


def redacted(value: Any) -> Any:
    """Text without what looks personal; the same for every text within dictionaries and lists. Other values as they are."""
    if isinstance(value, str):
        for name, pattern in _PATTERNS:
            value = pattern.sub(f"[{name}]", value)
        return value
    if isinstance(value, dict):
        return {key: redacted(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(each) for each in value]
    return value
