"""Settings from the environment, validated when a process first asks for them."""

import os
from dataclasses import dataclass
from functools import cache


class InvalidSettings(RuntimeError):
    """The environment does not describe a system that may start; the message says which variable and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`pool_size` is connections per process; it must be at least the number of threads that serve requests.

    `demo_sign_in` (e-mail, password) is what a local market's web apps fill in.
    """

    environment: str
    platform: str
    database_url: str
    internal_token: str
    pool_size: int
    auth_enabled: bool
    rate_limit_enabled: bool
    demo_sign_in: tuple[str, str] | None


@cache
def settings() -> Settings:
    """Raises InvalidSettings."""
    found = Settings(
        environment=os.environ.get("ENVIRONMENT", "development"),
        platform=os.environ.get("PLATFORM", "embedded"),
        database_url=required("DATABASE_URL", "postgresql://user@host:5432/database"),
        internal_token=required("INTERNAL_TOKEN", "a random secret shared by the services"),
        pool_size=int(os.environ.get("POOL_SIZE", "8")),
        auth_enabled=os.environ.get("AUTH_ENABLED", "1") == "1",
        rate_limit_enabled=os.environ.get("RATE_LIMIT_ENABLED", "1") == "1",
        demo_sign_in=_pair(os.environ.get("DEMO_SIGN_IN", "")),
    )
    if found.environment == "production" and not (found.auth_enabled and found.rate_limit_enabled):
        raise InvalidSettings("AUTH_ENABLED and RATE_LIMIT_ENABLED cannot be switched off when ENVIRONMENT=production.")
    if found.environment == "production" and found.demo_sign_in:
        raise InvalidSettings(
            "DEMO_SIGN_IN shows a password to everyone; it cannot be set when ENVIRONMENT=production."
        )
    return found


def _pair(text: str) -> tuple[str, str] | None:
    first, _, second = text.partition(" ")
    return (first, second) if second else None


def required(name: str, example: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise InvalidSettings(f"Set {name}: {example}. `cloudrun up` sets it for the local market.")
    return value
