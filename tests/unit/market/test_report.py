"""A report finds every planted loss, and nothing in a sound day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.market.report import Record, findings, make_report, record

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
STEPS = (
    "created",
    "age_pending",
    "age_verified",
    "payment_authorized",
    "accepted",
    "dispatched",
    "picked_up",
    "arrived",
)


def after(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def a_delivery(order_id: str = "ord_1", driver_id: str = "drv_1", start: float = 0.0) -> Record:
    at = {status: after(start + 2 * number) for number, status in enumerate((*STEPS, "doorstep_passed", "delivered"))}
    return Record(
        order_id=order_id, status="delivered", restricted=True, payment_status="captured", total_minor=2_500,
        captured_minor=2_500, driver_id=driver_id, ended_reason=None, at=at, ready_at=after(start + 9),
        assigned=(driver_id,), trips=(f"trp_{order_id}",), dossier_valid=True,
    )  # fmt: skip


def a_return(order_id: str = "ord_2", driver_id: str = "drv_2") -> Record:
    at = {status: after(2 * number) for number, status in enumerate((*STEPS, "refused", "returned"))}
    delivered = a_delivery(order_id, driver_id)
    return replace(
        delivered, status="returned", payment_status="voided", captured_minor=0, at=at, ended_reason="underage"
    )


def rules_broken(*records: Record, placed: list[str] | None = None) -> list[str]:
    return [one.rule for one in findings(placed or [found.order_id for found in records], records)]


def test_a_sound_day_has_no_findings() -> None:
    assert rules_broken(a_delivery(), a_return(), a_delivery("ord_3", "drv_1", start=18.0)) == []


@pytest.mark.parametrize(
    ("planted", "rule"),
    [
        (replace(a_delivery(), status="dispatched"), "lost"),
        (replace(a_delivery(), dossier_valid=False), "dossier"),
        (replace(a_delivery(), payment_status="capturing"), "payment"),
        (replace(a_delivery(), payment_status="unknown"), "payment"),
        (replace(a_delivery(), captured_minor=2_499), "payment"),
        (replace(a_return(), payment_status="authorized"), "payment"),
        (replace(a_return(), payment_status="none"), "payment"),
        (replace(a_return(), payment_status="captured", captured_minor=2_500), "payment"),
        (replace(a_delivery(), assigned=("drv_1", "drv_2")), "double"),
    ],
    ids=["never ended", "broken dossier", "capturing", "unknown outcome", "too little captured", "still on hold",
         "never given back", "charged for nothing", "two drivers"],
)  # fmt: skip
def test_a_planted_inconsistency_is_caught(planted: Record, rule: str) -> None:
    assert rule in rules_broken(planted)


@pytest.mark.parametrize(("missing", "rule"), [("doorstep_passed", "gate"), ("age_verified", "gate")])
def test_restricted_goods_that_passed_a_gate_unseen_are_caught(missing: str, rule: str) -> None:
    delivered = a_delivery()
    skipped = replace(delivered, at={status: at for status, at in delivered.at.items() if status != missing})
    assert rules_broken(skipped) == [rule]
    assert rules_broken(replace(skipped, restricted=False)) == []


def test_goods_that_came_back_without_a_refusal_are_caught() -> None:
    returned = a_return()
    assert rules_broken(replace(returned, at={s: at for s, at in returned.at.items() if s != "refused"})) == ["custody"]


def test_an_order_that_is_nowhere_is_lost() -> None:
    assert rules_broken(a_delivery(), placed=["ord_1", "ord_9"]) == ["lost"]


def test_an_order_that_nobody_placed_is_caught() -> None:
    assert rules_broken(a_delivery(), a_return(), placed=["ord_1"]) == ["unasked"]


def test_an_order_that_is_listed_twice_is_caught() -> None:
    assert "twice" in rules_broken(a_delivery(), a_delivery(), placed=["ord_1"])


def test_a_driver_with_two_orders_at_one_time_is_caught() -> None:
    assert rules_broken(a_delivery(), a_delivery("ord_3", start=5.0)) == ["double"]


def test_an_order_that_was_cancelled_before_it_was_paid_needs_no_void() -> None:
    cancelled = replace(
        a_delivery(), status="cancelled", payment_status="declined", captured_minor=0, driver_id=None, assigned=(),
        at={"created": NOON, "payment_declined": after(1), "cancelled": after(2)},
    )  # fmt: skip
    assert rules_broken(cancelled) == []


def test_the_report_measures_from_the_click_and_from_the_goods() -> None:
    records = [a_delivery(), a_delivery("ord_3", "drv_3", start=4.0), a_return()]
    report = make_report(
        "a test", [found.order_id for found in records], records, offers=5, wall_s=1.0, simulated_s=60.0
    )
    assert (report.click_to_door_mean, report.click_to_door_p90, report.ready_to_door_mean) == (18.0, 18.0, 9.0)
    assert report.offers_per_delivery == 2.5
    assert report.by_status == {"delivered": 2, "returned": 1}
    assert report.sound


def test_a_report_of_a_lost_order_is_not_sound() -> None:
    report = make_report("a test", ["ord_1", "ord_9"], [a_delivery()], offers=1, wall_s=1.0, simulated_s=60.0)
    assert (report.sound, report.lost) == (False, 1)


def test_a_record_is_read_from_the_views_of_the_api() -> None:
    order = {
        "id": "ord_1", "status": "returned", "restricted": True, "driver_id": "drv_1", "ended_reason": "underage",
        "payment": {"status": "voided", "authorized_minor": 2_500, "captured_minor": 0}, "money": {"total_minor": 2_500},
        "ready_at": "2026-11-20T18:20:00.000Z",
        "timeline": [
            {"status": "created", "at": "2026-11-20T18:00:00.000Z"},
            {"status": "refused", "at": "2026-11-20T18:40:00.000Z"},
        ],
    }  # fmt: skip
    events = [
        {"type": "order_placed", "actor": {"role": "customer", "id": "cus_1"}},
        {"type": "driver_assigned", "actor": {"role": "driver", "id": "drv_1"}, "data": {"trip_id": "trp_1"}},
    ]
    found = record(order, {"events": events, "head_hash": "ab"}, {"valid": True, "head_hash": "ab"})
    assert found.assigned == ("drv_1",)
    assert found.at == {"created": NOON, "refused": after(40)}
    assert found.dossier_valid
    assert not record(order, {"events": events, "head_hash": "ab"}, {"valid": True, "head_hash": "cd"}).dossier_valid
