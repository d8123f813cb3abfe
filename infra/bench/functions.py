"""What a request costs: a function's cold start beside a bare functions-framework, an order beside a bare insert.

`python -m infra.bench.functions` prints both. They are measured in turns on one running market, so that the machine's
noise meets both sides of a ratio alike.
"""

import asyncio
import os
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median

import flask
from werkzeug.test import EnvironBuilder

from functions.orders.create_order import create_order
from functions.orders.price_cart import price_cart
from infra.bench import cold_start
from infra.local.runtime import Runtime
from infra.market.accounts import Account, Household
from infra.market.client import Api, Json
from infra.market.market import GOODS
from infra.market.merchant import MerchantAgent, MerchantHabits
from infra.market.timeline import Timeline
from infra.market.world import World, wire
from shared.http.endpoint import Endpoint
from shared.kernel.clock import SystemClock
from shared.simulation.files import CENTRE
from shared.storage.connection import Connection, close
from shared.wiring.storage import pool

ORDERS = 200
INSERT = "INSERT INTO inbox (consumer, message_id, at) VALUES ('bench', :message_id, now())"


@dataclass(frozen=True, slots=True)
class Placement:
    """Median milliseconds of `POST /v1/orders` in the function's own process, and of one insert with its commit."""

    order_ms: float
    insert_ms: float
    round_trips: int

    @property
    def ratio(self) -> float:
        return self.order_ms / self.insert_ms


@dataclass(frozen=True, slots=True)
class Shop:
    """A customer's token, and a cart to price."""

    token: str
    cart: Json


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cloudrun-bench-") as folder, Runtime(Path(folder)) as runtime:
        os.environ.update(runtime.environment)
        shop = asyncio.run(open_shop(runtime))
        placed = placement(shop)
        print(f"order placement  p50 {placed.order_ms:6.2f} ms   {placed.round_trips} SQL round trips")
        print(f"bare insert      p50 {placed.insert_ms:6.2f} ms   order ÷ insert = {placed.ratio:.1f}")
        cold_start.main(first_order(shop))


async def open_shop(runtime: Runtime) -> Shop:
    """A store with goods and a customer, made through the API."""
    timeline = Timeline(SystemClock(), lambda: 1.0)
    async with Api(runtime.base_url, timeline) as api:
        admin = Account(api, runtime.admin_email, runtime.admin_password)
        await admin.sign_in()
        household = Household(api, runtime.data_dir / "bench_accounts.json")
        account = await household.account("merchant", 1, "Bench")
        merchant = MerchantAgent(World(timeline, lambda _: None), account, MerchantHabits(), Random(1))
        await merchant.apply("Bench", admin)
        await merchant.open_stores([("Bench", CENTRE)], GOODS[:1], admin)
        [(store_id, [product_id])] = merchant.stores.items()
        person = {
            "email": "bench@market.localhost",
            "password": "a long password",
            "name": "B C",
            "phone": "+12145550100",
        }
        session = await api.send("POST", "/v1/auth/register", person | {"role": "customer"})
        home = {"label": "Home", "line": "1500 Marilla St, Dallas, TX 75201", "position": wire(CENTRE)}
        address = await api.send("POST", "/v1/customers/me/addresses", home, token=session["token"])
    items = [{"product_id": product_id, "quantity": 1}]
    return Shop(session["token"], {"store_id": store_id, "address_id": address["id"], "items": items, "tip_minor": 0})


def placement(shop: Shop) -> Placement:
    orders, inserts = [], []
    connection = Connection(os.environ["DATABASE_URL"])
    for number in range(ORDERS):
        body = redeemable(shop)
        began = time.perf_counter()
        place(shop, body)
        ordered = time.perf_counter()
        connection.fetch(INSERT, {"message_id": str(number)})
        orders.append(ordered - began)
        inserts.append(time.perf_counter() - ordered)
    close(connection)
    return Placement(1e3 * median(orders), 1e3 * median(inserts), round_trips(shop))


def round_trips(shop: Shop) -> int:
    """SQL round trips of one warm order, counted by the connection itself."""
    body = redeemable(shop)
    connection = pool().acquire()
    pool().release(connection)
    before = connection.round_trips
    place(shop, body)
    return connection.round_trips - before


def redeemable(shop: Shop) -> Json:
    """A fresh price, as the body of an order."""
    price = call(price_cart, "/v1/orders/price", shop.token, shop.cart)
    return {"price_id": price["id"], "certification_version": price["certification"]["version"]}


def place(shop: Shop, body: Json) -> Json:
    return call(create_order, "/v1/orders", shop.token, body)


def call(function: Endpoint, path: str, token: str, body: Json) -> Json:
    """One request, straight into the function. Raises RuntimeError for an answer that is no success."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(12)}
    environ = EnvironBuilder(path, method="POST", json=body, headers=headers).get_environ()
    with APP.request_context(environ) as context:
        answer = function(context.request)
    if answer.status_code >= 300:
        raise RuntimeError(f"{path}: {answer.get_data(as_text=True)}")
    return dict(answer.get_json())


APP = flask.Flask("bench")


def first_order(shop: Shop) -> cold_start.Request:
    """How an order that exists is read."""
    order = place(shop, redeemable(shop))
    return cold_start.Request(f"/v1/orders/{order['id']}", {"Authorization": f"Bearer {shop.token}"})


if __name__ == "__main__":
    main()
