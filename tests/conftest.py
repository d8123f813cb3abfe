"""Fixtures that every suite shares."""

from hypothesis import settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.http",
    "tests.fixtures.world",
    "tests.fixtures.gateway",
    "tests.fixtures.market",
    "tests.fixtures.onfido",
    "tests.fixtures.terraform",
]
