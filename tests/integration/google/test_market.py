"""`cloudrun up --platform google`: the whole market on emulators, as a user starts it."""

import urllib.request
from pathlib import Path

import pytest

from tests.fixtures.market import Market, until

pytestmark = pytest.mark.timeout(400)


def test_orders_are_delivered_and_their_dossiers_hold(market: Market, pubsub_emulator: str, tmp_path: Path) -> None:
    """The emulators of the suite are asked for so that the test is skipped where there are none."""
    market.start("--platform", "google")
    until(lambda: market.counts().get("delivered", 0) >= 1, "an order is delivered")
    token = market.sign_in()
    delivered = [order_id for order_id, status in market.orders().items() if status == "delivered"]
    assert delivered
    assert all(market.verdict(order_id, token)["valid"] for order_id in delivered)
    assert list((tmp_path / "market" / "google" / "buckets" / "archive" / "checkpoint").iterdir()), (
        "evidence is archived"
    )
    assert market.interrupt() == 0


def test_nobody_but_the_platform_s_accounts_may_call_what_is_internal(market: Market, pubsub_emulator: str) -> None:
    market.start("--platform", "google", "--no-market")
    request = urllib.request.Request(
        f"{market.base_url}/internal/outbox/relay", data=b"{}", headers={"Authorization": "Bearer somebody"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)
    with refused.value as answer:
        assert answer.status == 401
        assert b"the platform itself" in answer.read()
