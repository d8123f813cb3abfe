"""The database itself lets no cent be captured without the passed check in the order's chain, and no books be cooked."""

import pytest
from pg8000.native import DatabaseError

from tests.fixtures.http import taken
from tests.fixtures.world import World

CAPTURE = """
    INSERT INTO payment_intents (intent_id, order_id, processor, kind, status, amount_minor, fee_minor, currency,
        hold_reference, created_at, updated_at)
    SELECT 'pay_forged', order_id, 'fake', 'capture', 'pending', authorized_minor, 0, currency, 'fake_hold', now(), now()
    FROM orders WHERE order_id = :id
"""


def test_a_capture_of_a_restricted_order_needs_the_check_in_its_chain(world: World) -> None:
    order, _, _ = world.an_order_at_the_door()
    with pytest.raises(DatabaseError, match="no passed doorstep check in its chain"):
        world.rows(CAPTURE, id=order["id"])
    world.rows("UPDATE orders SET doorstep_passed = true WHERE order_id = :id", id=order["id"])
    with pytest.raises(DatabaseError, match="no passed doorstep check in its chain"):
        world.rows(CAPTURE, id=order["id"])


def test_with_the_check_it_may_be_captured_once(world: World) -> None:
    order, _, _ = world.an_order_cleared_at_the_door()
    assert world.rows(CAPTURE, id=order["id"]) == []
    with pytest.raises(DatabaseError, match="payment_intents_one_capture"):
        world.rows(CAPTURE.replace("pay_forged", "pay_other"), id=order["id"])


def test_an_order_that_needs_no_check_may_be_captured_without(world: World) -> None:
    order, _, _ = world.an_order_at_the_door(world.shop.products[1])
    assert world.rows(CAPTURE, id=order["id"]) == []
    assert world.one("SELECT kind FROM payment_intents WHERE intent_id = 'pay_forged'")["kind"] == "capture"


@pytest.mark.parametrize("change", ["status = 'pending'", "amount_minor = amount_minor + 1", "status = 'declined'"])
def test_what_was_answered_stays_answered(world: World, change: str) -> None:
    order, _, _ = world.a_delivered_order()
    with pytest.raises(DatabaseError, match="what was answered or asked for stays"):
        world.rows(f"UPDATE payment_intents SET {change} WHERE order_id = :id", id=order["id"])


def test_a_transaction_that_does_not_balance_is_refused_at_commit(world: World) -> None:
    open_books = "INSERT INTO ledger_transactions VALUES ('ltx_1', 'tip', 'ord_1', 'ord_1', 'USD', now())"
    lines = "INSERT INTO ledger_entries VALUES ('ltx_1', 1, 'tips', 100), ('ltx_1', 2, 'driver:drv_1', -99)"
    for statements in ([open_books, lines], [open_books]):
        world.rows("BEGIN")
        for statement in statements:
            world.rows(statement)
        with pytest.raises(DatabaseError, match="does not balance"):
            world.rows("COMMIT")
        world.rows("ROLLBACK")
    assert world.rows("SELECT * FROM ledger_transactions") == []


@pytest.mark.parametrize("table", ["ledger_transactions", "ledger_entries"])
def test_what_was_posted_is_never_changed(world: World, table: str) -> None:
    world.a_delivered_order()
    column = "kind = 'tip'" if table == "ledger_transactions" else "amount_minor = 1"
    for statement in (f"UPDATE {table} SET {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(DatabaseError, match="append-only"):
            world.rows(statement)


def test_nothing_is_posted_twice_for_the_same_happening(world: World) -> None:
    order, _, _ = world.a_delivered_order()
    with pytest.raises(DatabaseError, match="ledger_transactions_kind_subject_key"):
        world.rows("INSERT INTO ledger_transactions VALUES ('ltx_1', 'sale', :id, :id, 'USD', now())", id=order["id"])
    assert taken(world.admin.get(f"/v1/orders/{order['id']}"))["status"] == "delivered"
