"""Who may call: the roles of the API contract, and the caller that a request turned out to be."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    CUSTOMER = "customer"
    DRIVER = "driver"
    MERCHANT = "merchant"
    ADMIN = "admin"
    SUPPORT = "support"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in account. `tenant_id` is whose data it sees: its `cus_…`, `drv_…` or `mer_…` id, or its own account."""

    role: Role
    account_id: str
    tenant_id: str

    @property
    def operates(self) -> bool:
        """Sees every tenant: the platform's own people."""
        return self.role in (Role.ADMIN, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something, as evidence remembers it: a role and an id, never a name."""

    role: str
    id: str

    @classmethod
    def of(cls, caller: Caller) -> "Actor":
        return cls(caller.role.value, caller.tenant_id)


PLATFORM = Actor("platform", "cloudrun")
"""The system itself: ticks, sweepers, vendors' answers."""
