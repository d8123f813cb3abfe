"""The monthly report of delivery sales, and its receipts."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from jobs import delivery_sales_report as job
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.shops import approved_merchant
from tests.fixtures.world import World
from tests.integration.privacy.people import HOME, as_customer, register_ana, tell_recorder

REPORT = "/v1/admin/reports/delivery_sales"
COLA = 1


@pytest.fixture
def sold(world: World) -> World:
    """Two restricted orders and an ordinary one delivered in November, and now it is December."""
    as_customer(world, register_ana(world.api))
    taken(world.shop.merchant.patch(f"{world.shop.path}/products/{world.shop.products[0]}", {"brand": "Lone Star"}))
    for product in (0, COLA, 0):
        order = world.a_delivered_order(world.shop.products[product])[0]
        tell_recorder(world, order["id"])
    return in_december(world)


def in_december(world: World) -> World:
    """Sessions have ended by then."""
    world.api.clock.advance(days=12)
    world.admin = world.api.sign_in("admin@cloudrun.localhost")
    return world


def asked(world: World, **query: object) -> Json:
    return {"merchant_id": world.shop.merchant.id, "state": "US-TX", "month": "2026-11"} | query


def read(world: World, **query: object) -> Json:
    return taken(world.admin.get(REPORT, **asked(world, **query)))


def submit(world: World, report: Json, receipt: str = "TX-0001") -> Json:
    command = asked(world, content_sha256=report["content_sha256"], submitted_to="Texas Comptroller", receipt=receipt)
    return taken(world.admin.post(f"{REPORT}/submitted", command))


def test_a_report_names_each_sale_and_ties_to_what_the_ledger_says_was_captured(sold: World) -> None:
    report = read(sold)
    captured = sold.one("SELECT sum(captured_minor) AS minor FROM orders WHERE restricted")["minor"]
    assert report["totals"] == {
        "sales": 2,
        "units": 2,
        "amount_minor": 2 * 1_899,
        "captured_minor": captured,
        "by_brand": [{"brand": "Lone Star", "quantity": 2}],
    }
    assert captured > 0
    assert report["tie"] == {"orders": 2, "captured_minor": captured, "ties": True}
    assert (report["status"], report["due_on"]) == ("due", "2026-12-10")
    sale = report["sales"][0]
    assert sale["purchaser"] == {
        "name": "Ana Reyes",
        "address": HOME["line"],
        "phone": "+12145550199",
        "email": "ana.reyes@example.com",
    }
    assert sale["driver"]["name"] == sold.drivers[0].account["name"]
    assert sale["missing"] == []
    assert (report["seller"]["name"], report["seller_permit"]) == ("Lone Star Vapor", "EC-1001")


def test_the_sheet_has_a_line_for_each_product_with_the_federal_and_the_texas_fields(sold: World) -> None:
    answer = sold.admin.get(f"{REPORT}.csv", **asked(sold))
    assert answer.mimetype == "text/csv"
    assert answer.headers["X-Content-Sha256"] == read(sold)["content_sha256"]
    first, second = csv.DictReader(io.StringIO(answer.get_data(as_text=True)))
    assert (first["brand"], first["product"], first["quantity"]) == ("Lone Star", "Tobacco pods", "1")
    assert first["sold_on"] == "2026-11-20"
    assert (first["purchaser_name"], first["purchaser_address"]) == ("Ana Reyes", HOME["line"])
    assert (first["purchaser_phone"], first["purchaser_email"]) == ("+12145550199", "ana.reyes@example.com")
    assert first["deliverer_name"]
    assert first["deliverer_address"]
    assert first["deliverer_phone"]
    assert second["order_id"] != first["order_id"]


def test_a_name_that_a_spreadsheet_would_run_is_made_text(world: World) -> None:
    mallory = world.api.register("customer", name='=HYPERLINK("http://x")', email="m@example.com", phone="+12145550142")
    taken(mallory.post("/v1/customers/me/addresses", HOME))
    tell_recorder(as_customer(world, mallory), world.a_delivered_order()[0]["id"])
    sheet = in_december(world).admin.get(f"{REPORT}.csv", **asked(world)).get_data(as_text=True)
    [line] = csv.DictReader(io.StringIO(sheet))
    assert line["purchaser_name"] == '\'=HYPERLINK("http://x")'
    assert line["purchaser_phone"] == "+12145550142"


CORRECTION = """
    WITH corrected AS (
        UPDATE orders SET captured_minor = captured_minor - 100 WHERE order_id = :id RETURNING order_id, currency, delivered_at
    ), posted AS (
        INSERT INTO ledger_transactions (transaction_id, kind, subject, order_id, currency, at)
        SELECT 'txn_correction', 'capture', 'correction', order_id, currency, delivered_at FROM corrected
    )
    INSERT INTO ledger_entries (transaction_id, line, account, amount_minor)
    VALUES ('txn_correction', 1, 'customers', 100), ('txn_correction', 2, 'processor:fake', -100)
"""
"""The processor took one dollar less than it had said: in the order and in the ledger."""


def test_a_report_with_its_receipt_is_submitted_and_a_later_capture_makes_an_amendment_due(sold: World) -> None:
    report = read(sold)
    receipt = submit(sold, report)
    assert (receipt["version"], receipt["receipt"], receipt["sales"]) == (1, "TX-0001", 2)
    after = read(sold)
    assert after["status"] == "submitted"
    assert after["changes"] == {"added": [], "removed": [], "changed": []}
    problem = sold.admin.post(
        f"{REPORT}/submitted", asked(sold, content_sha256=report["content_sha256"], submitted_to="x", receipt="y")
    )
    refused(problem, 409, "nothing_to_amend")

    changed = report["sales"][0]["order_id"]
    sold.rows(CORRECTION, id=changed)
    amended = read(sold)
    assert amended["status"] == "amendment_due"
    assert amended["changes"] == {"added": [], "removed": [], "changed": [changed]}
    assert submit(sold, amended, "TX-0002")["version"] == 2
    final = read(sold)
    assert final["status"] == "submitted"
    assert [each["receipt"] for each in final["submissions"]] == ["TX-0001", "TX-0002"]


def test_a_brand_that_a_store_changes_later_changes_no_report_of_the_past(sold: World) -> None:
    before = read(sold)
    merchant = sold.api.sign_in(sold.shop.merchant.account["email"])
    taken(merchant.patch(f"{sold.shop.path}/products/{sold.shop.products[0]}", {"brand": "Yellow Rose"}))
    assert read(sold)["content_sha256"] == before["content_sha256"]


def test_what_is_marked_is_what_was_read(sold: World) -> None:
    stale = asked(sold, content_sha256="0" * 64, submitted_to="Texas Comptroller", receipt="TX-0001")
    problem = refused(sold.admin.post(f"{REPORT}/submitted", stale), 409, "report_changed")
    assert problem["content_sha256"] == read(sold)["content_sha256"]
    assert read(sold)["submissions"] == []


def test_an_order_that_says_otherwise_than_the_ledger_keeps_its_report_from_being_submitted(sold: World) -> None:
    sold.rows("UPDATE orders SET captured_minor = captured_minor - 100 WHERE restricted")
    report = read(sold)
    assert report["tie"]["captured_minor"] == report["totals"]["captured_minor"] + 200
    assert report["tie"]["ties"] is False
    command = asked(sold, content_sha256=report["content_sha256"], submitted_to="x", receipt="y")
    refused(sold.admin.post(f"{REPORT}/submitted", command), 409, "report_incomplete")


def test_a_sale_without_a_record_keeps_the_report_from_being_submitted_until_it_is_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_customer(world, register_ana(world.api)).a_delivered_order()
    report = read(in_december(world))
    assert report["tie"]["ties"] is False
    command = asked(world, content_sha256=report["content_sha256"], submitted_to="x", receipt="y")
    refused(world.admin.post(f"{REPORT}/submitted", command), 409, "report_incomplete")
    monkeypatch.setattr(sys, "argv", ["delivery_sales_report"])
    job.main()
    assert "Recording what was missed" in capsys.readouterr().out
    assert read(world)["tie"] == {"orders": 1, "captured_minor": read(world)["totals"]["captured_minor"], "ties": True}


def test_the_month_is_the_stores_own_and_must_be_over(world: World) -> None:
    """The goods change hands on 30 November at 22:30 in Texas, which is December in UTC."""
    as_customer(world, register_ana(world.api))
    world.shop.change(hours={day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
    order, driver, _ = world.an_order_cleared_at_the_door()
    world.api.clock.advance(days=10, hours=10.5)
    driver = world.api.sign_in(driver.account["email"])
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key="k"))
    tell_recorder(world, order["id"])
    world.admin = world.api.sign_in("admin@cloudrun.localhost")
    refused(world.admin.get(REPORT, **asked(world)), 409, "month_not_over")
    world.api.clock.advance(days=1)
    world.admin = world.api.sign_in("admin@cloudrun.localhost")
    [sale] = read(world)["sales"]
    assert sale["sold_on"] == "2026-11-30"
    world.api.clock.advance(days=31)
    world.admin = world.api.sign_in("admin@cloudrun.localhost")
    assert read(world, month="2026-12")["sales"] == []
    assert read(world)["status"] == "overdue"


def test_a_merchant_reads_its_own_report_and_no_other(sold: World) -> None:
    merchant = sold.api.sign_in(sold.shop.merchant.account["email"])
    query = {"state": "US-TX", "month": "2026-11"}
    assert len(taken(merchant.get(REPORT, **query))["sales"]) == 2
    other = approved_merchant(sold.api, sold.admin)
    assert taken(other.get(REPORT, **query))["sales"] == []
    refused(other.get(REPORT, **asked(sold)), 404, "not_found")
    refused(other.get(f"{REPORT}.csv", **asked(sold)), 404, "not_found")
    refused(sold.admin.get(REPORT, **query), 422, "invalid_input")
    refused(sold.admin.get(REPORT, **asked(sold, month="2026-13")), 422, "invalid_input")


def test_a_destroyed_record_leaves_the_figures_and_takes_the_names(sold: World, platform: Client) -> None:
    before = read(sold)
    submit(sold, before)
    sold.api.clock.advance(days=365 * 5)
    assert taken(platform.post("/internal/maintenance/shred_expired")) == {"keys": 1}
    sold.admin = sold.api.sign_in("admin@cloudrun.localhost")
    after = read(sold)
    assert {sale["purchaser"] for sale in after["sales"]} == {None}
    assert after["totals"] == before["totals"]
    assert after["status"] == "submitted"


def test_the_job_writes_what_the_endpoint_answers(
    sold: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports"
    monkeypatch.setattr(sys, "argv", ["delivery_sales_report", "--month", "2026-11", "--out", str(out)])
    job.main()
    name = f"delivery-sales-{sold.shop.merchant.id}-US-TX-2026-11"
    assert json.loads((out / f"{name}.json").read_text()) == read(sold)
    assert (out / f"{name}.csv").read_bytes() == sold.admin.get(f"{REPORT}.csv", **asked(sold)).get_data()
    told = capsys.readouterr().out
    assert "1 reports" in told
    assert "Ana" not in told


def test_the_job_ends_with_a_sentence_for_a_month_that_is_not_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["delivery_sales_report", "--month", "2026-11"])
    with pytest.raises(SystemExit, match="not over"):
        job.main()
