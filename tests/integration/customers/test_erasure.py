"""One's own orders, and the right to be forgotten."""

import pytest

from shared.storage.connection import Connection
from tests.fixtures.http import Client, refused, taken
from tests.fixtures.shops import NEXT_DOOR, Shop, open_shop

HOME = {"label": "Home", "line": "1500 Marilla St, Dallas", "position": NEXT_DOOR}
PERSONAL = ("Ana Reyes", "ana.reyes@example.com", "+12145550199", "1500 Marilla St")

EVERYTHING = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


@pytest.fixture
def shop(api: Client, admin: Client) -> Shop:
    shop = open_shop(api, admin)
    shop.stock(restricted=False, name="Spring water")
    return shop


@pytest.fixture
def ana(api: Client) -> Client:
    ana = api.register("customer", name="Ana Reyes", email="ana.reyes@example.com", phone="+12145550199")
    taken(ana.post("/v1/customers/me/addresses", HOME, key="address-1"))
    return ana


def order(customer: Client, shop: Shop) -> str:
    items = [{"product_id": shop.products[0], "quantity": 1}]
    address_id = taken(customer.get("/v1/customers/me/addresses"))["items"][0]["id"]
    price = taken(
        customer.post("/v1/orders/price", {"store_id": shop.store_id, "address_id": address_id, "items": items})
    )
    return str(taken(customer.post("/v1/orders", {"price_id": price["id"]}, key=price["id"]))["id"])


def test_one_sees_ones_own_orders_newest_first(api: Client, ana: Client, shop: Shop) -> None:
    placed = []
    for _ in range(3):
        api.clock.advance(minutes=1)
        placed.append(order(ana, shop))
    taken(ana.post(f"/v1/orders/{placed[0]}/cancel", {"reason": "changed_mind"}))
    newest = taken(ana.get("/v1/customers/me/orders", limit=2))
    assert [item["id"] for item in newest["items"]] == [placed[2], placed[1]]
    rest = taken(ana.get("/v1/customers/me/orders", limit=2, cursor=newest["next_cursor"]))
    assert [(item["id"], item["status"]) for item in rest["items"]] == [(placed[0], "cancelled")]
    assert rest["next_cursor"] is None
    cancelled = taken(ana.get("/v1/customers/me/orders", status="cancelled"))
    assert [item["id"] for item in cancelled["items"]] == [placed[0]]
    assert taken(api.register("customer").get("/v1/customers/me/orders"))["items"] == []


def test_erasure_leaves_no_word_of_the_person_anywhere(
    api: Client, admin: Client, ana: Client, shop: Shop, connection: Connection
) -> None:
    order_id = order(ana, shop)
    taken(ana.post(f"/v1/orders/{order_id}/cancel", {"reason": "changed_mind"}))
    assert any(word in everything(connection) for word in PERSONAL)
    assert ana.delete("/v1/customers/me").status_code == 204
    remains = everything(connection)
    assert [word for word in PERSONAL if word in remains] == []
    refused(ana.get("/v1/auth/session"), 401, "unauthenticated")
    login = {"email": "ana.reyes@example.com", "password": "correct horse battery staple"}
    refused(api.post("/v1/auth/login", login), 401, "wrong_credentials")
    assert taken(admin.get(f"/v1/orders/{order_id}/dossier/verify"))["valid"] is True


def test_erasure_waits_for_open_orders(ana: Client, shop: Shop) -> None:
    order_id = order(ana, shop)
    problem = refused(ana.delete("/v1/customers/me"), 409, "orders_open")
    assert problem["order_ids"] == [order_id]
    assert len(taken(ana.get("/v1/customers/me/addresses"))["items"]) == 1


def test_erasing_one_customer_leaves_the_others(api: Client, ana: Client) -> None:
    other = api.register("customer")
    taken(other.post("/v1/customers/me/addresses", HOME))
    assert ana.delete("/v1/customers/me").status_code == 204
    assert len(taken(other.get("/v1/customers/me/addresses"))["items"]) == 1


def everything(connection: Connection) -> str:
    """Every row of every table, as text."""
    tables = [row["name"] for row in connection.fetch(EVERYTHING)]
    return "\n".join(
        str(row) for table in tables for row in connection.fetch(f'SELECT CAST(t AS text) FROM "{table}" t')
    )
