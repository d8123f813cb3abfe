"""Fixtures that every suite shares."""

pytest_plugins = [
    "tests.fixtures.postgres",
    "tests.fixtures.http",
    "tests.fixtures.world",
    "tests.fixtures.gateway",
    "tests.fixtures.market",
    "tests.fixtures.terraform",
]
