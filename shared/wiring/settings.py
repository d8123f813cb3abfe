"""Settings from the environment, validated when a process first asks for them."""

import os
from dataclasses import dataclass
from functools import cache


class InvalidSettings(RuntimeError):
    """The environment does not describe a system that may start; the message says which variable and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`pool_size` is connections per process; it must be at least the number of threads that serve requests."""

    environment: str
    platform: str
    database_url: str
    internal_token: str
    pool_size: int
    auth_enabled: bool
    rate_limit_enabled: bool


@cache
def settings() -> Settings:
    """Raises InvalidSettings."""
    found = Settings(
        environment=os.environ.get("ENVIRONMENT", "development"),
        platform=os.environ.get("PLATFORM", "embedded"),
        database_url=_required("DATABASE_URL", "postgresql://user@host:5432/database"),
        internal_token=_required("INTERNAL_TOKEN", "a random secret shared by the services"),
        pool_size=int(os.environ.get("POOL_SIZE", "8")),
        auth_enabled=os.environ.get("AUTH_ENABLED", "1") == "1",
        rate_limit_enabled=os.environ.get("RATE_LIMIT_ENABLED", "1") == "1",
    )
    if found.environment == "production" and not (found.auth_enabled and found.rate_limit_enabled):
        raise InvalidSettings("AUTH_ENABLED and RATE_LIMIT_ENABLED cannot be switched off when ENVIRONMENT=production.")
    return found


def _required(name: str, example: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise InvalidSettings(f"Set {name}: {example}. `cloudrun up` sets it for the local market.")
    return value
