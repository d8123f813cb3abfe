"""What a request may cost in SQL round trips: the network between a function and its database is the slow part."""

from shared.storage.connection import Connection
from shared.wiring import storage
from tests.fixtures.http import taken
from tests.fixtures.world import CERTIFICATION, World


def counted() -> Connection:
    """The connection that the next request will use."""
    connection = storage.pool().acquire()
    storage.pool().release(connection)
    return connection


def test_placing_an_order_takes_six_at_most_with_all_that_belongs_to_it(world: World) -> None:
    """Session, rate and key; the facts; order, stock, dossier and outbox; the answer and COMMIT; publishing."""
    world.an_order()
    command = {"price_id": world.price()["id"], "certification_version": CERTIFICATION}
    connection = counted()
    before = connection.round_trips
    taken(world.customer.post("/v1/orders", command, key="counted"))
    assert connection.round_trips - before <= 6


def test_reading_an_order_takes_two(world: World) -> None:
    order = world.an_order()
    taken(world.customer.get(f"/v1/orders/{order['id']}"))
    connection = counted()
    before = connection.round_trips
    taken(world.customer.get(f"/v1/orders/{order['id']}"))
    assert connection.round_trips - before == 2


def test_telling_who_is_signed_in_opens_the_vault_in_two(world: World) -> None:
    taken(world.customer.get("/v1/auth/session"))
    connection = counted()
    before = connection.round_trips
    assert taken(world.customer.get("/v1/auth/session"))["account"]["name"] == world.customer.account["name"]
    assert connection.round_trips - before == 2
