"""What a request costs: a function's cold start beside a bare functions-framework, an order beside a bare insert.

`python -m infra.bench.functions` prints both. They are measured in turns on one running market, so that the machine's
noise meets both sides of a ratio alike.
"""

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import flask
from werkzeug.test import EnvironBuilder

from functions.orders.create_order import create_order
from functions.orders.price_cart import price_cart
from infra.local.child import ROOT
from infra.local.postgres import free_port
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

STARTS = 10
ORDERS = 200
START_LIMIT_S = 30.0

HELLO = "def hello(request):\n    return 'hello'\n"
INSERT = "INSERT INTO inbox (consumer, message_id, at) VALUES ('bench', :message_id, now())"


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Median milliseconds from starting a process to its first 200."""

    hello_ms: float
    get_order_ms: float

    @property
    def ratio(self) -> float:
        return self.get_order_ms / self.hello_ms


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
        started = cold_start(shop)
        print(f"cold start of hello world  p50 {started.hello_ms:6.0f} ms")
        print(f"cold start of get_order    p50 {started.get_order_ms:6.0f} ms   ratio {started.ratio:.2f} (bar 2.5)")


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
    items = [{"product_id": product_id, "quantity": 1}]
    return Shop(session["token"], {"store_id": store_id, "dropoff": wire(CENTRE), "items": items, "tip_minor": 0})


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


def cold_start(shop: Shop) -> ColdStart:
    order = place(shop, redeemable(shop))
    with tempfile.NamedTemporaryFile("w", suffix=".py") as hello:
        hello.write(HELLO)
        hello.flush()
        pairs = [
            (
                first_answer_s(hello.name, "hello", "/", {}),
                first_answer_s(
                    "functions/orders/get_order.py", "get_order", f"/v1/orders/{order['id']}",
                    {"Authorization": f"Bearer {shop.token}"},
                ),
            )
            for _ in range(STARTS)
        ]  # fmt: skip
    return ColdStart(1e3 * median(bare for bare, _ in pairs), 1e3 * median(ours for _, ours in pairs))


def first_answer_s(source: str, target: str, path: str, headers: dict[str, str]) -> float:
    """Seconds from starting a function's process to its first 200."""
    port = free_port()
    began = time.perf_counter()
    with process(source, target, port):
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
        while time.perf_counter() - began < START_LIMIT_S:
            try:
                with urllib.request.urlopen(request, timeout=START_LIMIT_S) as answer:
                    answer.read()
                    return time.perf_counter() - began
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:
                time.sleep(0.002)
    raise RuntimeError(f"{target} did not answer within {START_LIMIT_S:.0f} s")


@contextmanager
def process(source: str, target: str, port: int) -> Iterator[None]:
    """`functions-framework` with one target, as Cloud Run starts it."""
    program = Path(sys.executable).parent / "functions-framework"
    command = [str(program), "--source", source, "--target", target, "--host", "127.0.0.1", "--port", str(port)]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(ROOT), "THREADS": "4"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    started = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True, **quiet)
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


if __name__ == "__main__":
    main()
