"""Bad input anywhere: a 4xx problem that names the field, and nothing changed."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from shared.http.declaration import Declaration
from tests.fixtures.http import Client, Json
from tests.fixtures.world import World
from tests.security.test_authorisation import DECLARATIONS, Everybody

TABLES = (
    "accounts", "addresses", "age_checks", "decoys", "doorstep_checks", "dossier_events", "drivers", "driver_documents",
    "driver_positions", "ledger_transactions", "merchants", "offers", "orders", "outbox", "payment_intents", "payouts",
    "permits", "prices", "products", "stores", "tasks", "violations",
)  # fmt: skip

RAW: tuple[tuple[str, bytes, int], ...] = (
    ("no JSON", b"{", 400),
    ("bad UTF-8", b'{"a": "\xff\xfe"}', 400),
    ("a list", b"[]", 422),
    ("a number", b"7", 422),
    ("null", b"null", 422),
    ("deep", b"[" * 50_000, 400),
    ("huge", b'"' + b"a" * 1_100_000 + b'"', 413),
    ("U+0000", b'{"a": "\\u0000"}', 422),
    ("an unknown field", b'{"no_such_field": 1}', 422),
    ("infinity", b'{"lat": Infinity}', 422),
)

ABSURD: dict[str, tuple[Any, ...]] = {
    "string": (7, None, [], {}, "x" * 100_000, "\u0000", ""),
    "integer": (-1, 10**30, 1.5, "7", None, [], True),
    "number": (1e308, "1", None, [], -1e9),
    "boolean": ("true", 1, None, []),
    "array": ({}, "x", None, [None] * 1_000, 7),
    "object": ([], "x", None, 7, {"lat": 91, "lng": 0}, {"lat": "0", "lng": 0}, {"lat": 0}),
}
"""What no field of a type takes, or only by its own rules."""


@pytest.fixture
def everybody(world: World) -> Everybody:
    return Everybody(world)


def counts(world: World) -> dict[str, int]:
    sql = " UNION ALL ".join(f"SELECT '{table}' AS t, count(*) AS n FROM {table}" for table in TABLES)
    found = {row["t"]: row["n"] for row in world.rows(sql)}
    found["version"] = world.one("SELECT sum(version) AS n FROM orders")["n"]
    return found


def caller(everybody: Everybody, declaration: Declaration, world: World) -> Client:
    if declaration.internal:
        return world.platform
    return next((client for role, client in everybody.ours.items() if role in declaration.roles), world.api)


def send(client: Client, declaration: Declaration, path: str, body: bytes) -> tuple[int, Json]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}
    answer = client.call(declaration.method, path, data=body, headers=headers)
    problem = answer.get_json(silent=True) if answer.mimetype == "application/problem+json" else {}
    return answer.status_code, dict(problem or {})


WRITES = [declaration for declaration in DECLARATIONS if declaration.command is not None]


def test_what_cannot_be_read_is_refused_everywhere(world: World, everybody: Everybody) -> None:
    wrong, before = [], counts(world)
    for declaration in WRITES:
        client, path = caller(everybody, declaration, world), everybody.path(declaration)
        for name, body, expected in RAW:
            status, problem = send(client, declaration, path, body)
            by_query_first = declaration.query is not None and status == 422
            if (status != expected and not by_query_first) or not problem.get("detail"):
                wrong.append(f"{declaration.route} with {name}: {status}, not {expected}: {problem}")
    assert wrong == []
    assert counts(world) == before


def bodies(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """(field, value): each field of a model in turn with each absurd value of its type."""
    schema = model.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        kinds = [option.get("type") or "object" for option in field.get("anyOf", [field])]
        for kind in kinds:
            for value in ABSURD.get(kind, ()):
                if value is None and "null" in kinds:
                    continue
                yield name, value


def test_a_field_of_the_wrong_kind_is_named(world: World, everybody: Everybody) -> None:
    """Every field of every command, alone and absurd: never a 500, never an effect, and when it is the field, its name."""
    wrong, before = [], counts(world)
    for declaration in WRITES:
        client, path = caller(everybody, declaration, world), everybody.path(declaration)
        assert declaration.command is not None
        required = {name for name, field in declaration.command.model_fields.items() if field.is_required()}
        for name, value in bodies(declaration.command):
            if required <= {name}:
                continue  # the others have defaults: the value itself may be legal, and then it would have its effect
            status, problem = send(client, declaration, path, json.dumps({name: value}).encode())
            if not 400 <= status < 500 or not problem.get("errors"):
                wrong.append(f"{declaration.route} {name}={str(value)[:40]}: {status} {problem}")
    assert wrong == []
    assert counts(world) == before


@pytest.mark.parametrize(
    "text", ["%00", "%ff%fe", "x" * 3_000, "'; DROP TABLE orders; --", "../../etc/passwd", "%2e%2e%2f"]
)
def test_an_unknown_id_is_not_found(world: World, everybody: Everybody, text: str) -> None:
    for declaration in DECLARATIONS:
        if declaration.process == "stream" or "{" not in declaration.path or "asset" in declaration.path:
            continue
        path = declaration.path
        for name in everybody.names:
            path = path.replace(f"{{{name}}}", text)
        client = caller(everybody, declaration, world)
        try:
            answer = client.call(declaration.method, path, body={} if declaration.command else None, key="k")
        except LookupError:
            continue  # no function has such a path: the gateway says 404
        assert 400 <= answer.status_code < 500, f"{declaration.route} with {text[:20]}: {answer.status_code}"
        assert answer.mimetype == "application/problem+json"


def test_every_query_parameter_of_the_wrong_kind_is_named(world: World, everybody: Everybody) -> None:
    for declaration in DECLARATIONS:
        if declaration.query is None or declaration.process == "stream":
            continue
        client, path = caller(everybody, declaration, world), everybody.path(declaration)
        answer = client.call(declaration.method, path, query={"no_such_parameter": "1"}, key="k")
        fields = [error["field"] for error in answer.get_json()["errors"]]
        assert answer.status_code == 422, declaration.route
        assert "query.no_such_parameter" in fields


POSITIONS = (
    {"lat": 91, "lng": 0},
    {"lat": 0, "lng": 181},
    {"lat": None, "lng": 0},
    {"lat": "32", "lng": "-96"},
    {"lat": 32},
)


@pytest.mark.parametrize("position", POSITIONS, ids=str)
def test_absurd_coordinates_are_named(world: World, position: Json) -> None:
    driver = world.drivers[0]
    reported = {"positions": [{**position, "at": world.api.clock.now.isoformat()}]}
    answer = driver.post(f"/v1/drivers/{driver.id}/location", reported)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"].startswith("body.positions[0].")


@pytest.mark.parametrize("shift_s", [+120, -7_200])
def test_a_position_from_the_future_or_the_far_past_is_refused(world: World, shift_s: int) -> None:
    driver = world.drivers[0]
    before = world.rows("SELECT lat, lng, at FROM driver_positions")
    at = world.api.clock.now.timestamp() + shift_s
    reported = {"positions": [{"lat": 32.7, "lng": -96.8, "at": datetime.fromtimestamp(at, UTC).isoformat()}]}
    answer = driver.post(f"/v1/drivers/{driver.id}/location", reported)
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "body.positions[0].at")
    assert world.rows("SELECT lat, lng, at FROM driver_positions") == before


@pytest.mark.parametrize("quantity", [0, -1, 10**9, 1.5, "2", None, True])
def test_a_quantity_that_nobody_can_buy_is_named(world: World, quantity: Any) -> None:
    items = [{"product_id": world.shop.products[0], "quantity": quantity}]
    answer = world.customer.post("/v1/orders/price", world.cart(world.shop.products[0]) | {"items": items})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "body.items[0].quantity")
