"""One's own orders."""

from tests.fixtures.http import taken
from tests.fixtures.world import World

COLA = 1


def test_one_sees_ones_own_orders_newest_first(world: World) -> None:
    placed = []
    for _ in range(3):
        world.api.clock.advance(minutes=1)
        placed.append(world.an_order(world.shop.products[COLA])["id"])
    customer = world.customer
    taken(customer.post(f"/v1/orders/{placed[0]}/cancel", {"reason": "changed_mind"}))
    newest = taken(customer.get("/v1/customers/me/orders", limit=2))
    assert [item["id"] for item in newest["items"]] == [placed[2], placed[1]]
    rest = taken(customer.get("/v1/customers/me/orders", limit=2, cursor=newest["next_cursor"]))
    assert [(item["id"], item["status"]) for item in rest["items"]] == [(placed[0], "cancelled")]
    assert rest["next_cursor"] is None
    cancelled = taken(customer.get("/v1/customers/me/orders", status="cancelled"))
    assert [item["id"] for item in cancelled["items"]] == [placed[0]]
    assert taken(world.api.register("customer").get("/v1/customers/me/orders"))["items"] == []
