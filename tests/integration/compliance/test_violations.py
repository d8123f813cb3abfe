"""Violations that authorities found at a store: on record for good, counted by the law of the day, and no gate of their own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from pg8000.native import DatabaseError

from shared.compliance.requirements import ViolationKind
from shared.credentials import violations
from shared.credentials.violations import Finding, ViolationRecorded
from shared.storage.connection import Connection
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.shops import NEXT_DOOR, Shop, approved_merchant, open_shop

SALE: Json = {
    "kind": "sale_to_minor",
    "occurred_on": "2026-11-18",
    "authority": "Texas Comptroller",
    "reference": "CB-2026-0412",
}


@pytest.fixture
def shop(api: Client, admin: Client) -> Shop:
    return open_shop(api, admin)


def of(shop: Shop) -> str:
    return f"/v1/admin/stores/{shop.store_id}/violations"


def record(admin: Client, shop: Shop, **details: object) -> Json:
    return taken(admin.post(of(shop), SALE | details))


def seen(shop: Shop) -> Json:
    """By the store's owner."""
    return taken(shop.merchant.get(f"{shop.path}/stores/{shop.store_id}/violations"))


def test_a_store_without_violations_knows_what_the_first_may_bring(shop: Shop) -> None:
    conduct = seen(shop)
    assert (conduct["count"], conduct["items"]) == (0, [])
    assert (conduct["since"], conduct["day"]) == ("2024-11-20", "2026-11-20")
    assert conduct["penalty"]["rule_id"] == "tx-violation-1"
    assert (conduct["penalty"]["number"], conduct["penalty"]["fine_minor"]) == (1, 100_000)


@pytest.mark.rule("tx-violation-3")
def test_what_an_operator_records_counts_for_the_store_and_says_what_the_next_may_bring(
    admin: Client, shop: Shop
) -> None:
    record(admin, shop)
    told = record(admin, shop, occurred_on="2026-11-19", reference="CB-2026-0413")
    conduct = seen(shop)
    assert [item["reference"] for item in conduct["items"]] == ["CB-2026-0412", "CB-2026-0413"]
    assert [item["counts"] for item in conduct["items"]] == [True, True]
    assert conduct["count"] == told["count"] == 2
    assert {name: conduct["penalty"][name] for name in ("number", "fine_minor", "suspension_days", "revokes")} == {
        "number": 3, "fine_minor": 300_000, "suspension_days": 5, "revokes": False,
    }  # fmt: skip
    assert conduct["penalty"]["source"].startswith("Tex. HSC 161.0901")
    assert "as long as the store's permit is in force" in conduct["outlook"]


def test_operators_see_who_recorded_and_withdrew_and_the_store_does_not(api: Client, admin: Client, shop: Shop) -> None:
    [recorded] = record(admin, shop)["items"]
    assert (recorded["recorded_by"], recorded["withdrawn_by"]) == (admin.account["id"], None)
    withdrawn = taken(admin.post(f"{of(shop)}/{recorded['id']}/withdraw", {"reason": "Another store's."}))
    assert withdrawn["items"][0]["withdrawn_by"] == admin.account["id"]
    support = api.sign_in("support@cloudrun.localhost")
    assert taken(support.get(of(shop))) == withdrawn
    refused(support.post(of(shop), SALE), 403, "forbidden")
    assert not {"recorded_by", "withdrawn_by"} & seen(shop)["items"][0].keys()


def test_a_wrong_violation_is_withdrawn_with_its_reason_and_stays_on_record(
    api: Client, admin: Client, shop: Shop
) -> None:
    [first] = record(admin, shop)["items"]
    withdraw = f"{of(shop)}/{first['id']}/withdraw"
    refused(admin.post(withdraw, {}), 422, "invalid_input")
    conduct = taken(admin.post(withdraw, {"reason": "The hearing found for the store."}))
    [item] = conduct["items"]
    assert (conduct["count"], item["counts"]) == (0, False)
    assert item["withdrawn_reason"] == "The hearing found for the store."
    assert item["withdrawn_at"] == "2026-11-20T18:00:00Z"
    refused(admin.post(withdraw, {"reason": "Again."}), 409, "violation_withdrawn")
    assert seen(shop)["items"][0]["withdrawn_reason"] == "The hearing found for the store."
    assert record(admin, shop)["count"] == 1, "the same finding may be recorded anew"
    refused(admin.post(f"{of(shop)}/vio_none/withdraw", {"reason": "x"}), 404, "not_found")
    elsewhere = open_shop(api, admin)
    refused(admin.post(f"{of(elsewhere)}/{first['id']}/withdraw", {"reason": "x"}), 404, "not_found")


def test_the_same_violation_is_recorded_once(admin: Client, shop: Shop) -> None:
    first = admin.post(of(shop), SALE, key="k-1")
    assert admin.post(of(shop), SALE, key="k-1").get_json() == first.get_json()
    refused(admin.post(of(shop), SALE), 409, "violation_recorded")
    assert seen(shop)["count"] == 1
    assert record(admin, shop, kind="warning_sign")["count"] == 2, "one inspection may find several things"


def test_the_same_violation_recorded_by_two_at_once_is_recorded_once(shop: Shop, connection: Connection) -> None:
    finding = Finding(ViolationKind.GIVEAWAY, date(2026, 11, 18), "Texas Comptroller", "CB-2026-0500")
    waiting = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

    def record_it() -> None:
        with unit_of_work() as work:
            violations.record(work, shop.store_id, finding, "acc_second")

    with ThreadPoolExecutor(1) as other, unit_of_work() as work:
        violations.record(work, shop.store_id, finding, "acc_first")
        second = other.submit(record_it)
        while not connection.fetch(waiting, {}):
            assert not second.done(), "the second did not wait for the first"
        work.checkpoint()
    assert isinstance(second.exception(), ViolationRecorded)
    assert seen(shop)["count"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"occurred_on": "2026-11-21"}, "body.occurred_on"),
        ({"occurred_on": "1999-12-31"}, "body.occurred_on"),
        ({"kind": "rudeness"}, "body.kind"),
        ({"authority": ""}, "body.authority"),
        ({"reference": None}, "body.reference"),
    ],
)
def test_a_violation_that_cannot_be_is_refused_and_nothing_is_recorded(
    admin: Client, shop: Shop, change: dict[str, Any], field: str
) -> None:
    problem = refused(admin.post(of(shop), SALE | change), 422, "invalid_input")
    assert [error["field"] for error in problem["errors"]] == [field]
    assert seen(shop)["items"] == []


def test_the_day_is_the_stores_own(api: Client, admin: Client, shop: Shop) -> None:
    api.clock.advance(hours=11.5)
    assert api.clock.now.isoformat() == "2026-11-21T05:30:00+00:00"
    refused(admin.post(of(shop), SALE | {"occurred_on": "2026-11-21"}), 422, "invalid_input")
    assert record(admin, shop, occurred_on="2026-11-20")["day"] == "2026-11-20"


@pytest.mark.rule("tx-violations")
def test_a_violation_drops_out_of_the_count_and_not_of_the_record_after_24_months(
    api: Client, admin: Client, shop: Shop
) -> None:
    record(admin, shop, occurred_on="2024-11-20")
    assert seen(shop)["count"] == 1
    api.clock.advance(hours=12)  # midnight in Dallas
    conduct = seen(shop)
    assert (conduct["count"], [item["counts"] for item in conduct["items"]]) == (0, [False])


def test_a_store_sees_its_own_violations_alone(api: Client, admin: Client, shop: Shop) -> None:
    record(admin, shop)
    stranger = approved_merchant(api, admin)
    refused(stranger.get(f"{shop.path}/stores/{shop.store_id}/violations"), 404, "not_found")
    refused(stranger.get(f"/v1/merchants/{stranger.id}/stores/{shop.store_id}/violations"), 404, "not_found")
    refused(shop.merchant.get(of(shop)), 403, "forbidden")
    refused(shop.merchant.post(of(shop), SALE), 403, "forbidden")
    refused(admin.get("/v1/admin/stores/sto_none/violations"), 404, "not_found")
    refused(admin.post("/v1/admin/stores/sto_none/violations", SALE), 404, "not_found")
    assert seen(open_shop(api, admin))["count"] == 0


@pytest.mark.rule("tx-violation-4")
def test_violations_stop_no_sale_and_a_permit_that_they_cost_does(api: Client, admin: Client, shop: Shop) -> None:
    shop.stock()

    def sold() -> bool:
        return taken(api.get(f"/v1/stores/{shop.store_id}/menu", **NEXT_DOOR))["unavailable"] == []

    for number in range(4):
        record(admin, shop, reference=f"CB-{number}")
    assert seen(shop)["penalty"]["revokes"] is True
    assert sold()
    permits = taken(shop.merchant.get(f"{shop.path}/permits"))["items"]
    [retail] = [permit for permit in permits if permit["kind"] == "e_cigarette_retail"]
    shop.review(admin, retail["id"], "revoke", "Revoked by the Comptroller, CB-3.")
    assert not sold()


def test_where_no_law_counts_violations_they_are_on_record_all_the_same(
    admin: Client, shop: Shop, connection: Connection
) -> None:
    connection.fetch("UPDATE stores SET jurisdiction = 'US-OK' WHERE store_id = :id", {"id": shop.store_id})
    conduct = record(admin, shop)
    assert (conduct["count"], conduct["since"], conduct["penalty"]) == (0, None, None)
    assert (len(conduct["items"]), conduct["outlook"]) == (1, seen(shop)["outlook"])


@pytest.mark.parametrize("table", ["violations", "violation_withdrawals"])
def test_not_even_by_hand_is_a_violation_changed_or_deleted(
    admin: Client, shop: Shop, connection: Connection, table: str
) -> None:
    [item] = record(admin, shop)["items"]
    taken(admin.post(f"{of(shop)}/{item['id']}/withdraw", {"reason": "Another store's."}))
    for statement in (
        f"UPDATE {table} SET violation_id = violation_id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            connection.fetch(statement, {})
    assert len(seen(shop)["items"]) == 1
