"""What drivers and merchants earn, what they are paid, and the jobs that see to it."""

import subprocess
import sys
from pathlib import Path

from shared.ledger.payouts import Payout, pay_out, payees
from shared.ledger.service import balances
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import INTERNAL_TOKEN, refused, taken
from tests.fixtures.stripe import SELLER, StripeWorld, payment_settings
from tests.fixtures.world import World

ROOT = Path(__file__).resolve().parents[3]


def books() -> dict[str, int]:
    with unit_of_work() as work:
        return {account: minor for (account, _), minor in balances(work).items()}


def paid() -> list[Payout]:
    with unit_of_work() as work:
        return [payout for payee in payees(work) for payout in pay_out(work, payee)]


def test_a_delivery_earns_the_driver_the_payout_and_the_tip(world: World) -> None:
    order, driver, task_id = world.a_delivered_order()
    payout = world.one("SELECT payout_minor FROM tasks WHERE task_id = :id", id=task_id)["payout_minor"]
    found = taken(driver.get(f"/v1/drivers/{driver.id}/earnings"))
    assert (found["pay_minor"], found["tips_minor"], found["paid_out_minor"]) == (
        payout,
        order["money"]["tip_minor"],
        0,
    )
    assert found["balance_minor"] == payout + order["money"]["tip_minor"]
    assert [(day["day"], day["tasks"]) for day in found["days"]] == [("2026-11-20", 1)]
    assert books()["driver_pay"] == payout


def test_the_way_back_with_refused_goods_is_paid_and_the_tip_is_not(world: World) -> None:
    order, driver, _ = world.an_order_at_the_door()
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "underage"}))
    assert taken(driver.get(f"/v1/drivers/{driver.id}/earnings"))["balance_minor"] == 0
    back = world.task_of(order)
    taken(driver.post(f"/v1/tasks/{back}/arrive_dropoff"))
    taken(world.shop.merchant.post(f"/v1/orders/{order['id']}/return/confirm", {"condition": "sealed"}))
    payout = world.one("SELECT payout_minor FROM tasks WHERE task_id = :id", id=back)["payout_minor"]
    found = taken(driver.get(f"/v1/drivers/{driver.id}/earnings"))
    assert (found["pay_minor"], found["tips_minor"], found["balance_minor"]) == (payout, 0, payout)
    assert books() == {"driver_pay": payout, f"driver:{driver.id}": -payout}


def test_earnings_of_other_days_are_left_out_and_the_balance_stays(world: World) -> None:
    _, driver, _ = world.a_delivered_order()
    path = f"/v1/drivers/{driver.id}/earnings"
    found = taken(driver.get(path, since="2026-11-21", until="2026-11-30"))
    assert (found["days"], found["pay_minor"]) == ([], 0)
    assert found["balance_minor"] > 0
    for absurd in ("yesterday", "0001-01-01", "9999-12-31"):
        refused(driver.get(path, until=absurd), 422, "invalid_input")


def test_everybody_is_paid_what_the_ledger_owes_once_a_day(world: World) -> None:
    order, driver, _ = world.a_delivered_order()
    before, money = books(), order["money"]
    merchant = f"merchant:{world.shop.merchant.id}"
    first = {payout.payee: payout.amount_minor for payout in paid()}
    assert first[f"driver:{driver.id}"] == -before[f"driver:{driver.id}"]
    assert first[merchant] == money["subtotal_minor"] - round(money["subtotal_minor"] * 0.15) + money["tax_minor"]
    assert paid() == []
    after = books()
    assert after["bank"] == -sum(first.values())
    assert not [account for account in after if account.startswith(("driver:", "merchant:", "tax:"))]
    assert taken(driver.get(f"/v1/drivers/{driver.id}/earnings"))["balance_minor"] == 0


def test_what_is_earned_after_the_days_payout_is_paid_the_day_after(world: World) -> None:
    world.a_delivered_order()
    paid()
    _, driver, _ = world.a_delivered_order()
    assert {payout.payout_id for payout in paid()} == {None}
    world.api.clock.advance(days=1)
    later = {payout.payee: payout for payout in paid()}
    assert later[f"driver:{driver.id}"].payout_id is not None
    assert world.one("SELECT count(*) AS n FROM payouts WHERE payee = :payee", payee=f"driver:{driver.id}")["n"] == 2


def run(name: str, world: World, url: str, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "infra.jobs", name, *arguments]
    settings = {
        "DATABASE_URL": url, "INTERNAL_TOKEN": INTERNAL_TOKEN, "CLOCK_FILE": str(world.api.clock.path), "PATH": "/usr/bin",
        "COLUMNS": "160",
    }  # fmt: skip
    return subprocess.run(command, cwd=ROOT, env=settings | environment, capture_output=True, text=True, timeout=120)


def test_the_payout_job_writes_the_banks_file(world: World, database: str, tmp_path: Path) -> None:
    world.a_delivered_order()
    file = tmp_path / "bank.csv"
    for paid_now in ("2 of 2 paid", "0 of 0 paid"):
        job = run("pay_out", world, database, str(file))
        assert (job.returncode, paid_now in job.stdout) == (0, True), job.stdout + job.stderr
        assert len(file.read_text().splitlines()) == 3


def test_the_reconciliation_job_settles_what_is_open_and_fails_on_a_difference(
    stripe_world: StripeWorld, database: str
) -> None:
    world, standin = stripe_world.world, stripe_world.standin
    order, driver, _ = world.an_order_cleared_at_the_door()
    standin.faults.rate = 1.0
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="d"))
    standin.faults.rate = 0.0
    standin.faults.settle()
    world.api.clock.advance(minutes=5)
    environment = payment_settings(standin) | {"STRIPE_TIMEOUT_S": "5", "STRIPE_RETRIES": "1"}
    job = run("reconcile_payments", world, database, **environment)
    assert (job.returncode, "1 payments compared, 0 differences" in job.stdout) == (0, True), job.stdout + job.stderr
    assert world.read(order["id"])["payment"]["status"] == "captured"
    refund_behind_our_back(stripe_world)
    job = run("reconcile_payments", world, database, **environment)
    assert (job.returncode, "refunded" in job.stdout) == (1, True), job.stdout + job.stderr


def refund_behind_our_back(found: StripeWorld) -> None:
    [held] = found.client.v1.payment_intents.list({}, SELLER).data
    found.client.v1.refunds.create({"payment_intent": held.id, "amount": 100}, SELLER)
