"""The accounts and regions that are there from the start."""

import pytest

from jobs import seed as job
from jobs.seed import seed
from shared.kernel.roles import Role
from shared.storage.connection import Connection
from shared.wiring.settings import InvalidSettings
from shared.wiring.storage import unit_of_work
from shared.wiring.vault import key_encryption
from tests.fixtures.http import PASSWORD, Client, forget_wiring, refused, taken

SEEDED = """
    SELECT (SELECT jsonb_agg(a ORDER BY a.account_id) FROM accounts a) AS accounts,
           (SELECT jsonb_agg(r ORDER BY r.region_id) FROM regions r) AS regions,
           (SELECT count(*) FROM sessions) AS sessions
"""


def test_seeding_again_changes_nothing(api: Client, admin: Client, connection: Connection) -> None:
    before = connection.fetch(SEEDED)
    seed(unit_of_work, {Role.ADMIN: PASSWORD, Role.SUPPORT: PASSWORD}, key_encryption())
    seed(unit_of_work, {}, key_encryption())
    assert connection.fetch(SEEDED) == before


def test_operators_sign_in_with_the_passwords_they_were_given(api: Client) -> None:
    for role in ("admin", "support"):
        assert api.sign_in(f"{role}@cloudrun.localhost").account["role"] == role


def test_a_new_password_ends_the_sessions_of_the_old_one(api: Client, admin: Client) -> None:
    seed(unit_of_work, {Role.ADMIN: "another long password"}, key_encryption())
    refused(admin.get("/v1/auth/session"), 401, "unauthenticated")
    api.sign_in("admin@cloudrun.localhost", "another long password")
    api.sign_in("support@cloudrun.localhost", PASSWORD)


def test_an_account_made_without_a_password_gets_one_that_works(api: Client, connection: Connection) -> None:
    connection.fetch("DELETE FROM accounts WHERE role = 'support'")
    sign_ins = {sign_in.role: sign_in for sign_in in seed(unit_of_work, {}, key_encryption())}
    assert sign_ins[Role.ADMIN].password is None
    generated = sign_ins[Role.SUPPORT]
    assert generated.password is not None
    api.sign_in(generated.email, generated.password)


def test_production_does_not_make_up_passwords(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("ADMIN_PASSWORD", PASSWORD)
    forget_wiring()
    with pytest.raises(InvalidSettings, match="SUPPORT_PASSWORD"):
        job.main()


def test_the_job_tells_only_passwords_that_it_made(
    api: Client, connection: Connection, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    connection.fetch("DELETE FROM accounts")
    monkeypatch.setenv("ADMIN_PASSWORD", "chosen by a person")
    job.main()
    told = capsys.readouterr().out
    assert "chosen by a person" not in told
    made = told.rpartition("password ")[2].strip()
    api.sign_in("support@cloudrun.localhost", made)
    assert taken(api.sign_in("admin@cloudrun.localhost", "chosen by a person").get("/v1/auth/session"))
