"""Naming tasks. A name is used once; sequential names make Cloud Tasks slow, so a hash goes in front."""

import hashlib


def task_name(*parts: str) -> str:
    """The same parts give the same name: asking for the same task twice adds nothing."""
    readable = "-".join(part.replace("_", "-") for part in parts)
    return f"{hashlib.sha256(readable.encode()).hexdigest()[:8]}-{readable}"
