"""The database user of the functions: enough for their work, and not enough to rewrite what happened."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pg8000.native import DatabaseError

from shared.storage.connection import Connection, close
from shared.storage.migrate import migrate
from tests.fixtures.http import Client, taken
from tests.fixtures.postgres import administer, database_url

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "only-in-this-test"


@pytest.fixture
def database(postgres_url: str) -> Iterator[str]:
    """Prepared as docs/operations.md says, then migrated by its owner; the URL is the functions' user's."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    administer(postgres_url, f"CREATE DATABASE {name}", f"CREATE ROLE cloudrun_app LOGIN PASSWORD '{PASSWORD}'")
    owner = database_url(postgres_url, name)
    opened = Connection(owner)
    opened.command((ROOT / "infra/deploy/roles.sql").read_text())
    close(opened)
    migrate(owner)
    yield owner.replace(urlsplit(owner).netloc.rpartition("@")[0] + "@", f"cloudrun_app:{PASSWORD}@")
    administer(postgres_url, f"DROP DATABASE {name} WITH (FORCE)", "DROP ROLE cloudrun_app")


def test_the_functions_work_as_a_user_who_owns_nothing(database: str) -> None:
    connection = Connection(database)
    assert connection.fetch("SELECT current_user AS me")[0]["me"] == "cloudrun_app"
    connection.fetch("INSERT INTO inbox (consumer, message_id, at) VALUES ('test', 'msg_1', now())")
    assert connection.fetch("SELECT version_num FROM alembic_version")
    close(connection)


def test_an_account_is_opened_and_signed_in_through_the_api_as_that_user(api: Client) -> None:
    assert taken(api.register("customer").get("/v1/auth/session"))["account"]["role"] == "customer"


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE dossier_events DISABLE TRIGGER dossier_events_append_only",
        "DROP TRIGGER dossier_events_append_only ON dossier_events",
        "ALTER TABLE payment_intents DISABLE TRIGGER payment_intents_guarded",
        "DROP TRIGGER ledger_entries_balance ON ledger_entries",
        "DROP TABLE orders",
        "TRUNCATE dossier_events",
        "CREATE TABLE mine (id integer)",
    ],
)
def test_that_user_cannot_touch_the_schema_or_its_guards(database: str, statement: str) -> None:
    connection = Connection(database)
    with pytest.raises(DatabaseError, match="42501"):
        connection.command(statement)
    close(connection)
