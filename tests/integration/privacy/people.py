"""Ana, who buys restricted goods, and what becomes of her record."""

import base64
import json
from typing import Any

from shared.storage.connection import Connection
from tests.fixtures.http import Client, Json, taken
from tests.fixtures.shops import NEXT_DOOR
from tests.fixtures.world import World

HOME = {"label": "Home", "line": "1500 Marilla St, Dallas, TX 75201", "position": NEXT_DOOR}
PERSONAL = ("Ana Reyes", "ana.reyes@example.com", "+12145550199", "1500 Marilla St")

EVERYTHING = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


def register_ana(api: Client) -> Client:
    ana = api.register("customer", name="Ana Reyes", email="ana.reyes@example.com", phone="+12145550199")
    taken(ana.post("/v1/customers/me/addresses", HOME, key="address-1"))
    return ana


def as_customer(world: World, customer: Client) -> World:
    """From now on the world's orders are this customer's, and go to its first address; nothing is left of the one before."""
    assert world.customer.delete(f"/v1/customers/me/addresses/{world.address_id}").status_code == 204
    world.customer = customer
    world.address_id = taken(customer.get("/v1/customers/me/addresses"))["items"][0]["id"]
    return world


def tell_recorder(world: World, order_id: str) -> Json:
    """Push the message of the delivery to its consumer, as the broker does."""
    body = base64.b64encode(json.dumps({"order_id": order_id, "type": "delivered"}).encode()).decode()
    message = {"data": body, "messageId": f"msg-{order_id}", "attributes": {"type": "delivered"}}
    return taken(world.platform.post("/internal/events/record_sale", {"message": message, "subscription": "s"}))


def event_data(world: World, order_id: str, type: str) -> list[Any]:
    events = taken(world.admin.get(f"/v1/orders/{order_id}/dossier"))["events"]
    return [event["data"] for event in events if event["type"] == type]


def everything(connection: Connection) -> str:
    """Every row of every table, as text; bytes as the text that they may hold."""
    tables = [row["name"] for row in connection.fetch(EVERYTHING)]
    rows = "\n".join(
        str(row) for table in tables for row in connection.fetch(f'SELECT CAST(t AS text) FROM "{table}" t')
    )
    return rows + "\n".join(
        row["sealed"].decode(errors="replace") for row in connection.fetch("SELECT sealed FROM vault_entries")
    )
