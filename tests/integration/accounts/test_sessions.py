"""Registering, signing in and out."""

from shared.storage.connection import Connection
from tests.fixtures.http import PASSWORD, Client, refused, taken

PERSON = {
    "email": "ana@example.com",
    "password": PASSWORD,
    "name": "Ana Reyes",
    "phone": "+12145550101",
    "role": "customer",
}


def test_registering_signs_in_and_makes_the_tenant_of_the_role(api: Client) -> None:
    for role, prefix in (("customer", "cus_"), ("driver", "drv_"), ("merchant", "mer_")):
        someone = api.register(role, name="Ana Reyes")
        session = taken(someone.get("/v1/auth/session"))
        assert session["account"] == someone.account
        assert session["account"]["role"] == role
        assert session["account"]["tenant_id"].startswith(prefix)
        assert session["expires_at"] == "2026-11-21T18:00:00Z"


def test_neither_password_nor_token_is_stored(api: Client, connection: Connection) -> None:
    someone = api.register("customer")
    stored = connection.fetch("SELECT a.*, s.token_hash FROM accounts a JOIN sessions s USING (account_id)")
    shown = next(row for row in stored if row["account_id"] == someone.account["id"])
    assert shown["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert someone.token is not None
    assert someone.token not in str(shown)
    assert PASSWORD not in str(shown)


def test_an_address_is_taken_whatever_its_capitals(api: Client) -> None:
    taken(api.post("/v1/auth/register", PERSON))
    refused(api.post("/v1/auth/register", PERSON | {"email": " ANA@Example.COM "}), 409, "email_taken")
    assert (
        taken(api.post("/v1/auth/login", {"email": "Ana@EXAMPLE.com", "password": PASSWORD}))["account"]["name"]
        == "Ana Reyes"
    )


def test_every_wrong_field_is_named(api: Client) -> None:
    for name, value in (
        ("email", "ana"),
        ("email", "ana@example"),
        ("email", "ana reyes@example.com"),
        ("password", "too short"),
        ("password", "x" * 129),
        ("name", "   "),
        ("phone", "214-555-0101"),
        ("phone", "+0145550101"),
        ("role", "admin"),
        ("role", "support"),
        ("role", 1),
    ):
        problem = refused(api.post("/v1/auth/register", PERSON | {name: value}), 422, "invalid_input")
        assert [error["field"] for error in problem["errors"]] == [f"body.{name}"], value


def test_spaces_around_a_password_belong_to_it(api: Client) -> None:
    taken(api.post("/v1/auth/register", PERSON | {"password": f"  {PASSWORD} "}))
    refused(api.post("/v1/auth/login", {"email": PERSON["email"], "password": PASSWORD}), 401, "wrong_credentials")
    api.sign_in(PERSON["email"], f"  {PASSWORD} ")


def test_a_wrong_password_and_an_unknown_address_get_one_answer(api: Client) -> None:
    taken(api.post("/v1/auth/register", PERSON))
    wrong = refused(api.post("/v1/auth/login", {"email": PERSON["email"], "password": "?"}), 401, "wrong_credentials")
    unknown = refused(api.post("/v1/auth/login", {"email": "b@example.com", "password": "?"}), 401, "wrong_credentials")
    assert wrong.pop("request_id") != unknown.pop("request_id")
    assert wrong == unknown


def test_after_ten_failures_an_address_is_closed_for_a_quarter_of_an_hour(api: Client) -> None:
    taken(api.post("/v1/auth/register", PERSON))
    for _ in range(10):
        refused(api.post("/v1/auth/login", {"email": PERSON["email"], "password": "?"}), 401, "wrong_credentials")
    answer = api.post("/v1/auth/login", {"email": PERSON["email"], "password": PASSWORD})
    refused(answer, 429, "too_many_failures")
    assert answer.headers["Retry-After"] == "901"
    api.register("customer")
    api.clock.advance(minutes=15)
    api.sign_in(PERSON["email"])


def test_unknown_addresses_are_closed_alike(api: Client) -> None:
    guess = {"email": "nobody@example.com", "password": "?"}
    for _ in range(10):
        refused(api.post("/v1/auth/login", guess), 401, "wrong_credentials")
    refused(api.post("/v1/auth/login", guess), 429, "too_many_failures")


def test_the_right_password_forgives_earlier_failures(api: Client) -> None:
    taken(api.post("/v1/auth/register", PERSON))
    for _ in range(3):
        for _ in range(9):
            refused(api.post("/v1/auth/login", {"email": PERSON["email"], "password": "?"}), 401, "wrong_credentials")
        api.sign_in(PERSON["email"])


def test_a_session_lasts_24_hours(api: Client) -> None:
    someone = api.register("customer")
    api.clock.advance(hours=23, minutes=59)
    taken(someone.get("/v1/auth/session"))
    api.clock.advance(minutes=1)
    refused(someone.get("/v1/auth/session"), 401, "unauthenticated")


def test_signing_out_ends_this_session_and_no_other(api: Client) -> None:
    here = api.register("customer")
    there = api.sign_in(here.account["email"])
    assert here.post("/v1/auth/logout").status_code == 204
    refused(here.get("/v1/auth/session"), 401, "unauthenticated")
    assert taken(there.get("/v1/auth/session"))["account"] == here.account


def test_who_is_not_signed_in_has_no_session(api: Client) -> None:
    refused(api.get("/v1/auth/session"), 401, "unauthenticated")
    refused(api.with_token("made-up").get("/v1/auth/session"), 401, "unauthenticated")
