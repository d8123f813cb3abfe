"""Every endpoint × every role × a foreign tenant, read off the declarations: who may not, cannot."""

import asyncio
import json

import pytest
from starlette.requests import Request

from infra.manifest import load_functions
from shared.http.declaration import Declaration, Owner
from shared.http.endpoint import Endpoint
from shared.kernel.roles import Role
from shared.wiring.settings import settings
from tests.fixtures.http import INTERNAL_TOKEN, Client, taken
from tests.fixtures.shops import approved_merchant
from tests.fixtures.world import World

FUNCTIONS = {function.declaration.name: function for function in load_functions()}
DECLARATIONS = [function.declaration for function in FUNCTIONS.values()]
TENANTS = (Role.CUSTOMER, Role.MERCHANT, Role.DRIVER)

WITHOUT_A_BODY = frozenset(
    {"logout", "erase_me", "erase_driver", "erase_merchant", "remove_address", "remove_product", "lift_legal_hold"}
)
"""Whoever is let in does their work, for there is no body to be refused: their own tests show who may."""

Verdict = tuple[int, str]


class Everybody:
    """One signed-in account of each role on either side, and an object of ours for every name that paths have."""

    def __init__(self, world: World) -> None:
        order, driver, task_id = world.a_dispatched_order()
        ours = {Role.CUSTOMER: world.customer, Role.MERCHANT: world.shop.merchant, Role.DRIVER: driver}
        self.ours = ours | {Role.ADMIN: world.admin, Role.SUPPORT: world.api.sign_in("support@cloudrun.localhost")}
        self.theirs = {
            Role.CUSTOMER: world.api.register("customer"),
            Role.MERCHANT: approved_merchant(world.api, world.admin),
            Role.DRIVER: world.api.register("driver"),
        }
        address = {"label": "Home", "line": "1 Elm St, Dallas", "position": {"lat": 32.78, "lng": -96.8}}
        holds = f"/v1/admin/subjects/{world.customer.id}/legal_holds"
        self.names = {
            "order_id": order["id"],
            "task_id": task_id,
            "driver_id": driver.id,
            "merchant_id": world.shop.merchant.id,
            "store_id": world.shop.store_id,
            "product_id": world.shop.products[0],
            "document_id": world.rows("SELECT document_id FROM driver_documents")[0]["document_id"],
            "permit_id": world.rows("SELECT permit_id FROM permits")[0]["permit_id"],
            "address_id": taken(world.customer.post("/v1/customers/me/addresses", address))["id"],
            "tick_id": world.rows("SELECT tick_id FROM ticks")[0]["tick_id"],
            "tracking_id": order["tracking_id"],
            "subject_id": world.customer.id,
            "hold_id": taken(world.admin.post(holds, {"reason": "A matter"}))["id"],
            "region_id": "dfw",
            "asset": "index.html",
            "tile": "0/000",
        }

    def path(self, declaration: Declaration) -> str:
        path = declaration.path.replace(":path}", "}")
        for name, value in self.names.items():
            path = path.replace(f"{{{name}}}", value)
        assert "{" not in path, f"{declaration.path}: give this test an object for its names"
        return path

    def ask(self, declaration: Declaration, client: Client, token: str | None) -> Verdict:
        """(status, problem code or empty) with a body that is valid for nobody, so that nothing is changed."""
        path, function = self.path(declaration), FUNCTIONS[declaration.name]
        if declaration.process == "stream":
            return asyncio.run(_ask_stream(function, path, token))
        body = None if declaration.method in ("GET", "DELETE") else {"no_such_field": True}
        answer = client.with_token(token).call(
            declaration.method, path, body=body, query={"no_such_field": "1"}, key="k"
        )
        is_problem = answer.mimetype == "application/problem+json"
        return answer.status_code, answer.get_json()["code"] if is_problem else ""


async def _ask_stream(function: Endpoint, path: str, token: str | None) -> Verdict:
    headers = [(b"last-event-id", b"never")] + ([(b"authorization", f"Bearer {token}".encode())] if token else [])
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "client": ("test", 1),
    }
    answer = await function(Request(scope))  # type: ignore[arg-type, misc]
    return answer.status_code, json.loads(answer.body)["code"]


def test_every_endpoint_lets_in_exactly_whom_it_declares(world: World) -> None:
    everybody, wrong = Everybody(world), []

    def expect(declaration: Declaration, who: str, token: str | None, expected: Verdict | None) -> None:
        """None: let in, whatever comes then."""
        got = everybody.ask(declaration, world.api, token)
        let_in = got[0] not in (401, 403) and (not declaration.roles or got != (404, "not_found"))
        if (let_in if expected is None else got == expected) is False:
            wrong.append(f"{declaration.route} as {who}: {got}, not {expected or 'let in'}")

    for declaration in DECLARATIONS:
        if not declaration.roles:
            expect(declaration, "nobody", None, None)
            continue
        expect(declaration, "nobody", None, (401, "unauthenticated"))
        expect(declaration, "a stranger's token", "forged", (401, "unauthenticated"))
        for role, client in everybody.ours.items():
            if declaration.internal:
                expect(declaration, role, client.token, (401, "unauthenticated"))
            elif role not in declaration.roles:
                expect(declaration, role, client.token, (403, "forbidden"))
            elif declaration.name in WITHOUT_A_BODY:
                continue
            elif role == Role.DRIVER or role not in TENANTS or declaration.owner is not None:
                expect(declaration, f"our {role}", client.token, None)
        for role, client in everybody.theirs.items():
            if role in declaration.roles and declaration.owner is not None:
                expect(declaration, f"a foreign {role}", client.token, (404, "not_found"))
        if declaration.internal:
            expect(declaration, "the platform", INTERNAL_TOKEN, None)
    assert wrong == []


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda declaration: declaration.route)
def test_a_path_that_names_an_object_of_a_tenant_declares_its_owner(declaration: Declaration) -> None:
    """Without the declaration nothing would ask whose the object is."""
    if not declaration.roles & set(TENANTS):
        return
    for owner in (Owner.ORDER, Owner.TASK, Owner.DRIVER, Owner.MERCHANT):
        if f"{{{owner.parameter}}}" in declaration.path:
            assert declaration.owner is not None
            return


def test_operators_are_not_let_in_everywhere() -> None:
    """Support reads and cancels; reviews and assignments are an administrator's."""
    for declaration in DECLARATIONS:
        if declaration.path.endswith("/review"):
            assert declaration.roles == {Role.ADMIN}


def test_a_registration_cannot_make_an_operator(api: Client) -> None:
    for role in ("admin", "support", "internal"):
        person = {
            "email": f"{role}@example.com",
            "password": "long enough password",
            "name": "X Y",
            "phone": "+12145550100",
        }
        assert api.post("/v1/auth/register", person | {"role": role}).status_code == 422


def test_for_a_load_test_an_account_may_be_named_instead_of_signed_in(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, stranger = world.an_order(), world.api.register("customer")
    named, path = world.api.with_token(world.customer.account["id"]), f"/v1/orders/{order['id']}"
    assert named.get(path).status_code == 401
    monkeypatch.setenv("AUTH_ENABLED", "0")
    settings.cache_clear()
    assert named.get(path).status_code == 200
    assert world.api.with_token(stranger.account["id"]).get(path).status_code == 404
    assert world.api.with_token("acc_unknown").get(path).status_code == 401
