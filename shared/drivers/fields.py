"""Fields that more than one command about drivers has."""

from typing import Literal

from pydantic import Field

from shared.kernel.wire import Command


class Vehicle(Command):
    kind: Literal["car", "bike", "scooter"]
    make: str | None = Field(default=None, max_length=60)
    plate: str | None = Field(default=None, max_length=16)
