"""What happens at the same moment happens one after the other."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

import pytest

from shared.customers import service as customers
from shared.delivery_sales import records
from shared.dispatch import offers
from shared.dispatch.rules import OfferEnded
from shared.kernel.errors import Unauthenticated
from shared.kernel.positions import Position
from shared.orders import placement
from shared.orders.sale import OutOfStock
from shared.privacy import erasure, shredding
from shared.privacy.customer import Customer
from shared.privacy.driver import Driver
from shared.privacy.merchant import Merchant
from shared.privacy.subject import OrdersOpen
from shared.storage.connection import Connection
from shared.storage.work import Work
from shared.vault import holds
from shared.vault import service as vault
from shared.wiring.storage import unit_of_work
from shared.wiring.vault import key_encryption
from tests.fixtures.http import Client, taken
from tests.fixtures.world import CERTIFICATION, World
from tests.integration.privacy.people import as_customer, register_ana, tell_recorder

HELD_UP = (
    "SELECT count(*) AS sessions FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def meanwhile(
    connection: Connection, first: Callable[[Work], object], second: Callable[[Work], object]
) -> Future[object]:
    """`first` in a transaction that commits only when `second`, in another, is waiting for it; what became of `second`."""

    def run() -> object:
        with unit_of_work() as work:
            return second(work)

    with ThreadPoolExecutor(1) as other, unit_of_work() as work:
        first(work)
        began = other.submit(run)
        while connection.fetch(HELD_UP)[0]["sessions"] == 0:
            assert not began.done(), f"nothing held it up: {began.result()}"
        work.checkpoint()
    return began


@pytest.fixture
def ana(world: World) -> Client:
    return as_customer(world, register_ana(world.api)).customer


def test_two_first_sales_of_a_year_are_sealed_under_one_key(ana: Client, connection: Connection) -> None:
    def key(work: Work) -> str:
        return vault.sales_key(work, ana.id, date(2030, 12, 31), key_encryption()).key_id

    second = meanwhile(connection, key, key).result()
    [made] = connection.fetch("SELECT key_id FROM vault_keys WHERE purpose = 'sales'")
    assert second == made["key_id"]


def test_a_hold_that_is_being_placed_keeps_a_key_whose_time_has_run_out(
    world: World, ana: Client, connection: Connection
) -> None:
    tell_recorder(world, world.a_delivered_order()[0]["id"])
    world.api.clock.advance(days=366 * 5)
    shredded = meanwhile(
        connection,
        lambda work: holds.place(work, ana.id, "A matter", "acc_x"),
        lambda work: shredding.shred_due(work, 10),
    )
    assert shredded.result() == 0


def test_an_address_that_comes_while_the_account_is_erased_is_not_kept(ana: Client, connection: Connection) -> None:
    added = meanwhile(
        connection,
        lambda work: erasure.erase(work, Customer(ana.id), ana.account["id"], key_encryption()),
        lambda work: customers.add_address(work, ana.id, "New", "9 Oak St", Position(32.78, -96.8), key_encryption()),
    )
    assert isinstance(added.exception(), Unauthenticated)
    assert connection.fetch("SELECT 1 FROM addresses") == []


def test_a_sale_told_twice_at_once_is_recorded_once(world: World, ana: Client, connection: Connection) -> None:
    order_id = world.a_delivered_order()[0]["id"]

    def record(work: Work) -> bool:
        return records.record(work, order_id, key_encryption())

    assert meanwhile(connection, record, record).result() is False
    assert world.events(order_id).count("sale_recorded") == 1
    assert taken(world.admin.get(f"/v1/orders/{order_id}/dossier/verify"))["valid"] is True


def test_a_shop_that_closes_while_an_order_is_placed_either_has_the_order_or_sold_nothing(
    world: World, ana: Client, connection: Connection
) -> None:
    merchant = world.shop.merchant

    def place(work: Work) -> object:
        price = prices.pop()
        return placement.place(
            work, ana.id, price, external_id=None, certification_version=CERTIFICATION, livemode=False
        )

    def leave(work: Work) -> object:
        return erasure.erase(work, Merchant(merchant.id), merchant.account["id"], key_encryption())

    prices = [world.price()["id"], world.price()["id"]]
    assert isinstance(meanwhile(connection, place, leave).exception(), OrdersOpen)
    order_id = world.one("SELECT order_id FROM orders")["order_id"]
    taken(ana.post(f"/v1/orders/{order_id}/cancel", {"reason": "changed_mind"}))
    assert isinstance(meanwhile(connection, leave, place).exception(), OutOfStock)
    assert world.one("SELECT count(*) AS orders FROM orders")["orders"] == 1


def test_a_driver_who_leaves_while_accepting_an_offer_has_the_task_and_the_account(
    world: World, ana: Client, connection: Connection
) -> None:
    _order, driver, task_id = world.an_offered_order()
    left = meanwhile(
        connection,
        lambda work: offers.accept(work, task_id, driver.id),
        lambda work: erasure.erase(work, Driver(driver.id), driver.account["id"], key_encryption()),
    )
    assert isinstance(left.exception(), OfferEnded)
    assert taken(driver.get("/v1/auth/session"))["account"]["role"] == "driver"
    assert world.one("SELECT driver_id FROM trips WHERE status = 'active'")["driver_id"] == driver.id
