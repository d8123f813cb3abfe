"""Paid at the door, on the merchant's own terminal: nothing is held, and a person confirms what was taken."""

from shared.ledger.service import balances
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.world import ADULT, PASSING_CHECK, World

AT_THE_DOOR = {"payment_method": "pm_at_the_door"}


def delivered(world: World) -> tuple[Json, Client]:
    """A restricted order, handed over, its payment yet to be confirmed; and its driver."""
    taken(world.shop.merchant.patch(world.shop.path, {"card_terminal": True}))
    order = world.an_order()
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", ADULT, key="v"))
    paid = world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", AT_THE_DOOR, key="p")
    assert taken(paid)["status"] == "payment_authorized"
    for action in ({"action": "accept", "prep_minutes": 5}, {"action": "ready"}):
        taken(world.act(order["id"], **action))
    assert world.tick()["offers"] == 1
    driver, task_id = world.drivers[0], world.task_of(order)
    for step in ("accept", "arrive_pickup", "pickup", "arrive_dropoff"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}", key=world.key()))
    taken(driver.post(f"/v1/orders/{order['id']}/doorstep_id_check/submit", PASSING_CHECK, key="c"))
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="d"))
    return world.read(order["id"]), driver


def test_a_store_without_a_terminal_takes_no_cards_at_the_door(world: World) -> None:
    order = world.an_order(world.shop.products[1])
    path = f"/v1/orders/{order['id']}/payment/authorize"
    refused(world.customer.post(path, AT_THE_DOOR, key="p"), 409, "seller_not_payable")


def test_the_driver_confirms_once_what_the_terminal_took(world: World) -> None:
    order, driver = delivered(world)
    total, path = order["money"]["total_minor"], f"/v1/orders/{order['id']}/payment/confirm"
    world.api.clock.advance(minutes=5)
    assert taken(world.platform.post("/internal/maintenance/finish_intents")) == {"finished": 0, "unanswered": 0}
    assert (order["status"], order["payment"]["status"]) == ("delivered", "capturing")
    receipt = {"amount_minor": total, "receipt": "R-1001"}
    refused(driver.post(path, receipt | {"amount_minor": total - 1}, key="a"), 422, "invalid_input")
    refused(driver.post(path, receipt | {"receipt": "4242424242424242"}, key="b"), 422, "invalid_input")
    assert taken(driver.post(path, receipt, key="e"))["payment"]["captured_minor"] == total
    refused(world.shop.merchant.post(path, receipt, key="f"), 409, "nothing_to_confirm")
    last = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][-1]
    assert (last["type"], last["actor"]["role"], last["data"]["reference"]) == ("payment_captured", "driver", "R-1001")


def test_the_merchant_then_owes_the_platform_its_fee_and_refunds_are_the_merchants_own(world: World) -> None:
    order, driver = delivered(world)
    money, receipt = order["money"], {"amount_minor": order["money"]["total_minor"], "receipt": "R-1"}
    taken(driver.post(f"/v1/orders/{order['id']}/payment/confirm", receipt, key="e"))
    with unit_of_work() as work:
        books = {account: minor for (account, _), minor in balances(work).items()}
    fee = round(money["subtotal_minor"] * 0.15) + money["delivery_fee_minor"] + money["tip_minor"]
    assert books[f"merchant:{world.shop.merchant.id}"] == fee
    assert "customers" not in books
    back = {"amount_minor": 100, "reason": "late"}
    refused(world.admin.post(f"/v1/orders/{order['id']}/refund", back, key="r"), 409, "refund_not_possible")


def test_an_order_called_off_leaves_nothing_to_pay(world: World) -> None:
    taken(world.shop.merchant.patch(world.shop.path, {"card_terminal": True}))
    order = world.an_order(world.shop.products[1])
    taken(world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", AT_THE_DOOR, key="p"))
    taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "mistake"}))
    assert world.read(order["id"])["payment"] == {
        "status": "voided", "authorized_minor": order["money"]["total_minor"], "captured_minor": 0, "refunded_minor": 0,
    }  # fmt: skip
