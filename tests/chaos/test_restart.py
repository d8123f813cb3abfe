"""The whole market is killed in the middle of everything, and started again on the same folder."""

import pytest

from tests.fixtures.market import Market, until


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
        lambda: any(status == "delivered" for order_id, status in market.orders().items() if order_id in open_before),
        "an open order goes on",
    )
    token, now = market.sign_in(), market.orders()
    assert set(seen) <= set(now), "no order is lost"
    assert [order_id for order_id in now if not market.verdict(order_id, token)["valid"]] == []
    assert market.interrupt() == 0
