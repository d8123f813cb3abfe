"""The right to be forgotten of those who bring and those who sell: what they must end first, and what the law keeps of them."""

from datetime import UTC, datetime

import pytest

from shared.storage.connection import Connection
from shared.wiring.live import live_store
from tests.fixtures.http import PASSWORD, Client, refused, taken
from tests.fixtures.shops import NEXT_DOOR
from tests.fixtures.world import World
from tests.integration.privacy.people import (
    BUSINESS,
    DANA,
    MAX,
    OF_DANA,
    as_customer,
    everything,
    hire_dana,
    open_maxs_shop,
    pay_everybody,
    register_ana,
)

SHRED = "/internal/maintenance/shred_expired"
COLA = 1


@pytest.fixture
def dana(world: World) -> Client:
    return hire_dana(world)


@pytest.fixture
def max_(world: World) -> Client:
    return open_maxs_shop(world)


def five_years_later(world: World) -> None:
    """Past the last day of every record of 2026, wherever in the United States."""
    world.api.clock.advance(seconds=(datetime(2031, 1, 2, tzinfo=UTC) - world.api.clock.now).total_seconds())


def found(words: tuple[str, ...], connection: Connection) -> list[str]:
    stored = everything(connection)
    return [word for word in words if word in stored]


def test_erasing_a_driver_leaves_no_word_of_the_person_but_in_the_records_of_sales(
    world: World, dana: Client, connection: Connection
) -> None:
    ana = as_customer(world, register_ana(world.api)).customer
    order_id = world.a_delivered_order()[0]["id"]
    pay_everybody()
    assert set(found(OF_DANA, connection)) == {DANA["email"], "Dana", "KXP-4471", "doc_dana_"}
    erased = taken(dana.delete(f"/v1/drivers/{dana.id}"))
    assert {"profile", "documents", "position", "sign_in"} <= set(erased["erased"])
    assert "ledger" in erased["pseudonymous"]
    [kept] = erased["kept"]
    assert (kept["what"], kept["sales"], kept["until"]) == ("delivery_sale_records", 1, "2030-12-31")
    assert found(OF_DANA, connection) == []
    refused(dana.get("/v1/auth/session"), 401, "unauthenticated")
    login = {"email": DANA["email"], "password": PASSWORD}
    refused(world.api.post("/v1/auth/login", login), 401, "wrong_credentials")
    [sale] = taken(ana.get("/v1/customers/me/export"))["sale_records"]
    assert sale["record"]["deliverer"] == {"driver_id": dana.id, "name": DANA["name"], "phone": DANA["phone"]}
    assert taken(ana.get(f"/v1/orders/{order_id}/delivery"))["driver"]["first_name"] == ""
    assert world.verdict(order_id)["valid"] is True


def test_an_erased_driver_can_neither_be_found_nor_be_given_work(world: World, dana: Client) -> None:
    taken(dana.delete(f"/v1/drivers/{dana.id}"))
    assert dana.id not in [driver["id"] for driver in taken(world.admin.get("/v1/drivers"))["items"]]
    refused(world.admin.get(f"/v1/drivers/{dana.id}"), 404, "not_found")
    profile = {"driver_id": dana.id, "first_name": "Dana", "region_id": "dfw", "vehicle": {"kind": "car"}}
    refused(world.admin.post("/v1/drivers", profile), 401, "unauthenticated")
    order = world.a_ready_order()
    by_hand = {"driver_id": dana.id, "force": True, "reason": "Nobody else is near"}
    refused(world.admin.post(f"/v1/admin/orders/{order['id']}/assign", by_hand), 404, "not_found")


def test_a_drivers_last_place_goes_with_the_account(world: World, dana: Client) -> None:
    place = {"positions": [{**NEXT_DOOR, "at": world.api.clock.now.isoformat()}]}
    taken(dana.post(f"/v1/drivers/{dana.id}/location", place))
    assert live_store().get("drivers", dana.id) is not None
    taken(dana.delete(f"/v1/drivers/{dana.id}"))
    assert live_store().get("drivers", dana.id) is None
    assert world.rows("SELECT 1 FROM driver_positions WHERE driver_id = :id", id=dana.id) == []


def test_a_driver_brings_first_what_is_in_hand(world: World, dana: Client) -> None:
    world.a_dispatched_order()
    problem = refused(dana.delete(f"/v1/drivers/{dana.id}"), 409, "carrying_goods")
    assert "Finish the task in hand" in problem["detail"]
    assert taken(dana.get(f"/v1/drivers/{dana.id}"))["first_name"] == "Dana"


def test_a_driver_is_paid_before_the_account_closes(world: World, dana: Client) -> None:
    world.a_delivered_order()
    owed = taken(dana.get(f"/v1/drivers/{dana.id}/earnings"))["balance_minor"]
    problem = refused(dana.delete(f"/v1/drivers/{dana.id}"), 409, "balance_open")
    assert problem["balances"] == {"USD": owed}
    assert "next payout" in problem["detail"]
    assert taken(dana.get(f"/v1/drivers/{dana.id}"))["online"] is True, "a refusal changes nothing"
    pay_everybody()
    assert "profile" in taken(dana.delete(f"/v1/drivers/{dana.id}"))["erased"]


def test_what_was_on_offer_to_a_driver_who_leaves_goes_to_another(world: World, dana: Client) -> None:
    order, offered_to, _task_id = world.an_offered_order()
    assert offered_to.id == dana.id
    taken(dana.delete(f"/v1/drivers/{dana.id}"))
    assert world.one("SELECT status, reason FROM offers") == {"status": "rejected", "reason": "driver_left"}
    world.hire_driver()
    assert world.tick()["offers"] == 1
    offer = world.one("SELECT order_id, driver_id FROM offers WHERE status = 'offered'")
    assert offer == {"order_id": order["id"], "driver_id": world.drivers[-1].id}


def test_a_hold_on_a_driver_keeps_the_account_and_the_records_that_name_the_driver(
    world: World, dana: Client, connection: Connection
) -> None:
    world.a_delivered_order()
    pay_everybody()
    holds = f"/v1/admin/subjects/{dana.id}/legal_holds"
    hold = taken(world.admin.post(holds, {"reason": "Matter 26-115, county court"}))
    erased = taken(dana.delete(f"/v1/drivers/{dana.id}"))
    assert [(kept["what"], kept["until"]) for kept in erased["kept"]][-1] == ("everything", None)
    assert erased["erased"] == ["sign_in", "sessions", "position"]
    assert {"Dana", "doc_dana_"} <= set(found(OF_DANA, connection))
    refused(world.admin.get(f"/v1/drivers/{dana.id}"), 404, "not_found")

    five_years_later(world)
    assert taken(world.platform.post(SHRED)) == {"keys": 0}
    admin = world.api.sign_in("admin@cloudrun.localhost")
    taken(admin.delete(f"{holds}/{hold['id']}"))
    assert taken(world.platform.post(SHRED)) == {"keys": 2}
    assert found(OF_DANA, connection) == []
    assert world.rows("SELECT 1 FROM vault_entries WHERE kind = 'sale'") == []


def test_a_hold_can_still_be_placed_on_a_driver_who_has_left_while_records_name_the_driver(
    world: World, dana: Client
) -> None:
    world.a_delivered_order()
    pay_everybody()
    taken(dana.delete(f"/v1/drivers/{dana.id}"))
    holds = f"/v1/admin/subjects/{dana.id}/legal_holds"
    taken(world.admin.post(holds, {"reason": "Matter 26-116, county court"}))
    five_years_later(world)
    assert taken(world.platform.post(SHRED)) == {"keys": 0}
    assert len(world.rows("SELECT 1 FROM vault_entries WHERE kind = 'sale'")) == 1


def test_erasing_a_merchant_leaves_no_word_of_its_owner_and_the_seller_in_the_reports(
    world: World, max_: Client, connection: Connection
) -> None:
    order_id = world.a_delivered_order()[0]["id"]
    taken(world.platform.post("/internal/maintenance/record_sales"))
    pay_everybody()
    assert set(found((*MAX.values(), "acct_max"), connection)) == {MAX["email"], "acct_max"}
    erased = taken(max_.delete(f"/v1/merchants/{max_.id}"))
    assert [(kept["what"], kept["until"]) for kept in erased["kept"]] == [("business_as_seller", "2030-12-31")]
    assert "business_as_seller" not in erased["erased"]
    assert found(tuple(MAX.values()), connection) == []
    refused(max_.get("/v1/auth/session"), 401, "unauthenticated")

    world.api.clock.advance(days=20)
    admin = world.api.sign_in("admin@cloudrun.localhost")
    asked = {"merchant_id": max_.id, "state": "US-TX", "month": "2026-11"}
    report = taken(admin.get("/v1/admin/reports/delivery_sales", **asked))
    assert set(found(BUSINESS, connection)) == set(BUSINESS)
    assert BUSINESS[2] in str(report)

    five_years_later(world)
    assert taken(world.platform.post(SHRED)) == {"keys": 1}
    taken(world.platform.post("/internal/maintenance/purge_expired"))  # answers to repeat are kept for a day
    assert found(BUSINESS, connection) == []
    assert world.rows("SELECT 1 FROM permits WHERE merchant_id = :id", id=max_.id) == []
    admin = world.api.sign_in("admin@cloudrun.localhost")
    assert taken(admin.get(f"/v1/orders/{order_id}/dossier/verify"))["valid"] is True


def test_a_merchant_that_never_sold_restricted_goods_is_forgotten_whole(
    world: World, max_: Client, connection: Connection
) -> None:
    erased = taken(max_.delete(f"/v1/merchants/{max_.id}"))
    assert erased["kept"] == []
    assert "business_as_seller" in erased["erased"]
    assert found((*MAX.values(), *BUSINESS), connection) == []


def test_a_shop_that_has_left_sells_nothing_and_is_not_reviewed_again(world: World, max_: Client) -> None:
    price = world.price()
    taken(max_.delete(f"/v1/merchants/{max_.id}"))
    command = {"price_id": price["id"], "certification_version": "us-tx-2026-01"}
    refused(world.customer.post("/v1/orders", command, key=world.key()), 409, "store_closed")
    review = world.admin.post(f"/v1/admin/merchants/{max_.id}/review", {"decision": "approve"})
    assert "erased" in refused(review, 409, "review_not_possible")["detail"]


def test_a_merchant_ends_its_orders_first(world: World, max_: Client) -> None:
    order_id = world.an_order()["id"]
    problem = refused(max_.delete(f"/v1/merchants/{max_.id}"), 409, "orders_open")
    assert problem["order_ids"] == [order_id]
    store = world.one("SELECT open FROM stores WHERE merchant_id = :id", id=max_.id)
    assert store["open"] is True, "a refusal changes nothing"


def test_a_merchant_is_paid_before_the_account_closes(world: World, max_: Client) -> None:
    world.a_delivered_order()
    problem = refused(max_.delete(f"/v1/merchants/{max_.id}"), 409, "balance_open")
    assert problem["balances"]["USD"] > 0
    pay_everybody()
    assert "profile" in taken(max_.delete(f"/v1/merchants/{max_.id}"))["erased"]


@pytest.mark.parametrize("action", ["", "/export"])
def test_nobody_erases_or_exports_another(world: World, dana: Client, max_: Client, action: str) -> None:
    ask = "GET" if action else "DELETE"
    others = world.drivers[0], world.api.register("merchant")
    for path, stranger in ((f"/v1/drivers/{dana.id}", others[0]), (f"/v1/merchants/{max_.id}", others[1])):
        refused(stranger.call(ask, path + action), 404, "not_found")
        for role in (world.customer, world.admin):
            refused(role.call(ask, path + action), 403, "forbidden")
    assert taken(dana.get(f"/v1/drivers/{dana.id}"))["first_name"] == "Dana"
    assert taken(max_.get(f"/v1/merchants/{max_.id}"))["name"] == "Plum Row Vapor"
