"""Who delivers, as reports to the authorities name it."""

import os
from functools import cache

from shared.delivery_sales.rules import Party
from shared.wiring.settings import InvalidSettings, settings

LOCAL = "Local market | 1 Example Plaza, Dallas, TX 75201 | +12145550100"


@cache
def delivery_service() -> Party:
    """`DELIVERY_SERVICE`: name, address and phone number, separated by bars. Raises InvalidSettings; production has no default."""
    fallback = "" if settings().environment == "production" else LOCAL
    name, *rest = (part.strip() for part in os.environ.get("DELIVERY_SERVICE", fallback).split("|"))
    if len(rest) != 2 or not all((name, *rest)):
        raise InvalidSettings(f"Set DELIVERY_SERVICE to a name, an address and a phone number: `{LOCAL}`.")
    return Party(name, *rest)
