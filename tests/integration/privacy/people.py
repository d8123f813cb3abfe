"""Ana, who buys restricted goods, Dana, who brings them, Max, who sells them; and what becomes of their records."""

import base64
import json
from typing import Any

from shared.ledger.payouts import pay_out, payees
from shared.storage.connection import Connection
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Client, Json, taken
from tests.fixtures.shops import NEXT_DOOR, open_shop
from tests.fixtures.world import World

HOME = {"label": "Home", "line": "1500 Marilla St, Dallas, TX 75201", "position": NEXT_DOOR}
PERSONAL = ("Ana Reyes", "ana.reyes@example.com", "+12145550199", "1500 Marilla St")

DANA = {"name": "Dana Quill", "email": "dana.quill@example.com", "phone": "+12145550177"}
OF_DANA = (*DANA.values(), "Dana", "KXP-4471", "doc_dana_")
MAX = {"name": "Max Thornton", "email": "max.thornton@example.com", "phone": "+12145550166"}
BUSINESS = ("Plum Row Vapor", "Plum Row Corner", "77 Plum Row")

EVERYTHING = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind = 'r'
"""


def register_ana(api: Client) -> Client:
    ana = api.register("customer", name="Ana Reyes", email="ana.reyes@example.com", phone="+12145550199")
    taken(ana.post("/v1/customers/me/addresses", HOME, key="address-1"))
    return ana


def as_customer(world: World, customer: Client) -> World:
    """From now on the world's orders are this customer's, and go to its first address."""
    world.customer = customer
    world.address_id = taken(customer.get("/v1/customers/me/addresses"))["items"][0]["id"]
    return world


def hire_dana(world: World) -> Client:
    """The only driver from now on."""
    for driver in world.drivers:
        taken(driver.post(f"/v1/drivers/{driver.id}/offline"))
    dana = world.hire_driver(**DANA)
    taken(dana.put(f"/v1/drivers/{dana.id}/vehicle", {"kind": "car", "make": "Prius", "plate": "KXP-4471"}))
    photo = {"kind": "photo", "vendor_token": "doc_dana_photo", "issuer": "TX", "expires_on": "2029-06-30"}
    taken(dana.post(f"/v1/drivers/{dana.id}/documents", photo, key="photo-1"))
    return dana


def open_maxs_shop(world: World) -> Client:
    """The shop from now on."""
    shop = open_shop(
        world.api, world.admin, account=MAX, name="Plum Row Corner", address="77 Plum Row, Dallas, TX 75202"
    )
    taken(shop.merchant.patch(shop.path, {"name": "Plum Row Vapor", "payment_account": "acct_max"}))
    shop.stock(stock=50)
    world.shop = shop
    return shop.merchant


def pay_everybody() -> None:
    with unit_of_work() as work:
        for payee in payees(work):
            assert all(payout.payout_id for payout in pay_out(work, payee))


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
