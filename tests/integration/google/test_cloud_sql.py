"""The database behind Cloud SQL's proxy: our connections, its certificates."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from google.auth.credentials import AnonymousCredentials, TokenState
from pg8000.native import InterfaceError

from infra.local.postgres import free_port
from shared.storage.connection import Connection, Pool
from shared.storage.google import CloudSql
from shared.storage.migrate import migrate
from tests.fixtures.cloud_sql import CloudSqlInstance

INSTANCE = "market-test:us-south1:market"
NOWHERE = "postgresql://postgres@database.invalid/"


class Credentials(AnonymousCredentials):
    """Good for ever, for an API that asks for none."""

    @property
    def token_state(self) -> TokenState:
        return TokenState.FRESH


@pytest.fixture
def instance(database: str, tmp_path: Path) -> Iterator[CloudSqlInstance]:
    opened = CloudSqlInstance(tmp_path, urlsplit(database).port or 5432)
    yield opened
    opened.close()


@pytest.fixture
def way(instance: CloudSqlInstance) -> Iterator[CloudSql]:
    opened = CloudSql(INSTANCE, Credentials(), instance.api, instance.port)
    yield opened
    opened.close()


def name_of(database: str) -> str:
    return urlsplit(database).path.lstrip("/")


def test_a_pool_reaches_the_database_through_the_proxy_whatever_host_the_url_names(
    database: str, instance: CloudSqlInstance, way: CloudSql
) -> None:
    pool = Pool(NOWHERE + name_of(database), 2, dial=way.dial)
    first, second = pool.acquire(), pool.acquire()
    assert first.fetch("SELECT current_database() AS name") == [{"name": name_of(database)}]
    assert second.fetch("SELECT length(:text) AS n", {"text": "x" * 300_000}) == [{"n": 300_000}]
    for connection in (first, second):
        pool.release(connection)
    pool.close()
    assert (instance.connected, instance.certified) == (2, 1), "one certificate serves both"


def test_a_certificate_that_is_about_to_end_is_replaced_when_a_connection_is_opened(
    database: str, instance: CloudSqlInstance, way: CloudSql
) -> None:
    instance.lifetime = timedelta(minutes=1)
    for _ in range(2):
        connection = Connection(NOWHERE + name_of(database), connected=way.dial())
        assert connection.fetch("SELECT 1 AS one") == [{"one": 1}]
        connection.close()
    assert instance.certified == 2


def test_an_instance_that_does_not_answer_is_the_error_of_a_database_that_is_away(instance: CloudSqlInstance) -> None:
    way = CloudSql(INSTANCE, Credentials(), instance.api, free_port())
    pool = Pool(NOWHERE, 1, dial=way.dial)
    for _ in range(2):
        with pytest.raises(InterfaceError, match="Cloud SQL cannot be reached"):
            pool.acquire()
    way.close()


def test_migrations_take_the_same_way(database: str, instance: CloudSqlInstance, way: CloudSql) -> None:
    migrate(NOWHERE + name_of(database), dial=way.dial)
    assert instance.connected == 1
