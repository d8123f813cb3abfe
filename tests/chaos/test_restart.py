"""The whole market is killed in the middle of everything, and started again on the same folder."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 120.0

Json = dict[str, Any]


class Market:
    """`cloudrun up` as a user starts it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "cloudrun"), "up", "--port", str(self._port), "--data-dir"]
        options = [str(self._folder), "--rate", "4", "--speed", "40"]
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with (self._folder.parent / "up.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        until(lambda: self.get("/health") is not None, "the market answers")

    def kill(self) -> None:
        """SIGKILL to the runtime; its processes must notice by themselves. Postgres is killed too."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        postmaster = int((self._folder / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        until(lambda: self.get("/health") is None, "every process of the market has ended")

    def interrupt(self) -> int:
        """Ctrl-C; gives the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=LIMIT_S)

    def counts(self) -> dict[str, int]:
        state = self.get("/v1/state?region_id=dfw", self.sign_in())
        return dict(state["statistics"]["by_status"]) if state else {}

    def orders(self) -> dict[str, str]:
        """Status by order id."""
        page = self.get("/v1/admin/orders?limit=200", self.sign_in())
        assert page is not None
        return {order["id"]: order["status"] for order in page["items"]}

    def verdict(self, order_id: str, token: str) -> Json:
        found = self.get(f"/v1/orders/{order_id}/dossier/verify", token)
        assert found is not None
        return found

    def sign_in(self) -> str:
        secret = json.loads((self._folder / "secrets.json").read_text())["admin_password"]
        body = json.dumps({"email": "admin@cloudrun.localhost", "password": secret}).encode()
        request = urllib.request.Request(
            self._url("/v1/auth/login"), data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return str(json.load(answer)["token"])

    def get(self, path: str, token: str = "") -> Json | None:
        """None when nobody answers."""
        request = urllib.request.Request(self._url(path), headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return dict(json.load(answer))
        except OSError:
            return None

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.interrupt()

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._port}{path}"


def until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.2)


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)  # an unprivileged Postgres must pass when root runs the tests
    found = Market(tmp_path / "market")
    yield found
    found.stop()
    log = (tmp_path / "up.log").read_text()
    assert not re.search(r"Traceback", log), log[-3_000:]


@pytest.mark.timeout(600)
def test_a_killed_market_goes_on_where_it_was(market: Market) -> None:
    market.start()
    until(lambda: market.counts().get("delivered", 0) >= 3, "three orders are delivered")
    market.kill()
    market.start()
    seen = market.orders()
    assert sum(status == "delivered" for status in seen.values()) >= 3
    open_before = {
        order_id for order_id, status in seen.items() if status in ("ready", "dispatched", "picked_up", "preparing")
    }
    until(
        lambda: any(market.orders().get(order_id) == "delivered" for order_id in open_before), "an open order goes on"
    )
    token, now = market.sign_in(), market.orders()
    assert set(seen) <= set(now), "no order is lost"
    assert [order_id for order_id in now if not market.verdict(order_id, token)["valid"]] == []
    assert market.interrupt() == 0
