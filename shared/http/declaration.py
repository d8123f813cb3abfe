"""What an endpoint says of itself; the gateway, OpenAPI, the authorisation tests and Terraform read nothing else."""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel

from shared.kernel.deployment import Resource, Sizing
from shared.kernel.roles import Role

PUBLIC: frozenset[Role] = frozenset()
"""No session needed."""

ANY_ROLE = frozenset({Role.CUSTOMER, Role.DRIVER, Role.MERCHANT, Role.ADMIN, Role.SUPPORT})
OPERATORS = frozenset({Role.ADMIN, Role.SUPPORT})
INTERNAL = frozenset({Role.INTERNAL})

Idempotency = Literal["none", "optional", "required"]
Process = Literal["api", "dispatch", "stream"]
Pending = Callable[[Any], bool]
"""Says of an answer whether it is only begun."""


class Owner(StrEnum):
    """Which object a path names; only its own tenant and operators get past the door, others see 404."""

    ORDER = "order"
    TASK = "task"
    CONTESTED_TASK = "contested_task"
    """A task that any driver of its region may try to win."""
    DRIVER = "driver"
    MERCHANT = "merchant"

    @property
    def noun(self) -> str:
        return self.value.removeprefix("contested_")

    @property
    def parameter(self) -> str:
        """The name in the path that identifies the object."""
        return f"{self.noun}_id"


@dataclass(frozen=True, slots=True)
class Declaration:
    """The contract of one function. `path` holds `{names}` that the handler takes as arguments;
    `{name:path}` at its end also takes slashes, or nothing. `uses` and `sizing` say what it is given on Google Cloud;
    `attachment` is the name of the file that a browser makes of the answer."""

    method: str
    path: str
    name: str
    summary: str
    roles: frozenset[Role]
    idempotency: Idempotency
    owner: Owner | None
    process: Process
    status: int
    command: type[BaseModel] | None
    query: type[BaseModel] | None
    response: Any
    handler: Callable[..., Any]
    uses: frozenset[Resource]
    sizing: Sizing
    pending: Pending | None = None
    attachment: str | None = None
    pattern: re.Pattern[str] = field(init=False)
    arguments: tuple[str, ...] = field(init=False)
    """What the handler asks for, by name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", path_pattern(self.path))
        object.__setattr__(self, "arguments", tuple(inspect.signature(self.handler).parameters))

    @property
    def route(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def route_group(self) -> str:
        """Rate limits are counted per caller and group: `auth`, `read` or `write`."""
        if self.path.startswith("/v1/auth/"):
            return "auth"
        return "read" if self.method == "GET" else "write"

    @property
    def internal(self) -> bool:
        return Role.INTERNAL in self.roles


def path_pattern(path: str) -> re.Pattern[str]:
    """What a declared path matches, its placeholders as named groups."""
    expression = re.sub(r"\{(\w+):path\}", r"(?P<\1>.*)", path)
    expression = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", expression)
    return re.compile(f"^{expression}$")
