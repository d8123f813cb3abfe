"""Fixtures that every suite shares."""

import pytest
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
    "tests.fixtures.stripe",
    "tests.fixtures.onfido",
    "tests.fixtures.terraform",
    "tests.fixtures.google",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chaos-orders", type=int, default=60, help="how many orders the storm of failing vendors has")


@pytest.fixture
def chaos_orders(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--chaos-orders"))
