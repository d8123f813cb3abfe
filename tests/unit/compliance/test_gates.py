"""Gates and the dated rules behind them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.compliance import gates
from shared.compliance.gates import DoorstepFacts
from shared.compliance.policy import CERTIFICATION_VERSION, RULES, Policy, Rule, policy

TODAY = date(2026, 11, 20)
TEXAS = policy("US-TX", TODAY)
GOOD = DoorstepFacts(document_read=True, over_age=True, expired=False, photo_match=True, signed=True)


def codes(decision: gates.GateDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_texas_stands_on_federal_law_and_its_own() -> None:
    assert {rule.jurisdiction for rule in TEXAS.rules} == {"US", "US-TX"}
    assert {rule.jurisdiction for rule in policy("US-OK", TODAY).rules} == {"US"}
    assert TEXAS.minimum_age == 21


def test_a_rule_holds_from_its_first_day_until_the_day_before_its_end() -> None:
    row = replace(RULES[0], rule_id="new", effective_from=TODAY, effective_to=TODAY + timedelta(days=2))
    in_force = [bool(policy("US", TODAY + timedelta(days=n), (row,)).rules) for n in range(-1, 4)]
    assert in_force == [False, True, True, False, False]


def test_a_state_may_raise_the_age_and_never_lower_it() -> None:
    def with_age(years: int) -> Policy:
        row = Rule("x", "US-TX", "minimum_age", date(2020, 1, 1), None, "test", "H", TODAY, years)
        return policy("US-TX", TODAY, (*RULES, row))

    assert with_age(25).minimum_age == 25
    assert with_age(18).minimum_age == 21


def test_another_jurisdictions_name_that_begins_alike_is_not_contained() -> None:
    row = replace(RULES[0], jurisdiction="US-T")
    assert policy("US-TX", TODAY, (row,)).rules == ()


def test_adding_a_row_changes_the_version_that_orders_record() -> None:
    row = replace(RULES[0], rule_id="new", effective_from=TODAY)
    assert policy("US-TX", TODAY, (*RULES, row)).version != TEXAS.version


def test_every_rule_names_its_source() -> None:
    assert all(rule.source and rule.reviewed_at <= TODAY for rule in RULES)
    assert len({rule.rule_id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    ("reference", "attested", "expected"),
    [
        ("PM0000551", True, []),
        (None, True, ["product_not_authorized"]),
        ("PM0000551", False, ["product_not_attested"]),
        (None, False, ["product_not_authorized", "product_not_attested"]),
    ],
)
def test_a_restricted_product_is_authorised_and_attested(
    reference: str | None, attested: bool, expected: list[str]
) -> None:
    decision = gates.product_gate(TEXAS, restricted=True, authorization_reference=reference, attested=attested)
    assert codes(decision) == expected
    assert decision.rule_ids == ("us-product-authorized", "tx-attested")


def test_a_permit_is_good_through_its_last_day() -> None:
    def gate(expires_on: date | None) -> list[str]:
        return codes(gates.merchant_gate(TEXAS, restricted=True, permit_expires_on=expires_on))

    assert gate(TODAY) == []
    assert gate(TODAY - timedelta(days=1)) == ["permit_expired"]
    assert gate(None) == ["permit_missing"]


def test_the_purchasers_statement_is_the_present_one() -> None:
    def gate(version: str | None) -> bool:
        return gates.certification_gate(TEXAS, restricted=True, certification_version=version).passed

    assert gate(CERTIFICATION_VERSION)
    assert not gate("us-tx-2019-09")
    assert not gate(None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"document_read": False}, "document_unreadable"),
        ({"over_age": False}, "under_age"),
        ({"expired": True}, "document_expired"),
        ({"photo_match": False}, "photo_mismatch"),
        ({"signed": False}, "signature_missing"),
    ],
)
def test_each_fault_at_the_door_shuts_it(change: dict[str, bool], code: str) -> None:
    assert code in codes(gates.doorstep_gate(TEXAS, replace(GOOD, **change)))


@given(st.tuples(*[st.booleans()] * 5))
def test_the_door_opens_for_one_combination_alone(facts: tuple[bool, bool, bool, bool, bool]) -> None:
    assert gates.doorstep_gate(TEXAS, DoorstepFacts(*facts)).passed == (DoorstepFacts(*facts) == GOOD)


def test_ordinary_goods_pass_every_gate() -> None:
    assert gates.product_gate(TEXAS, restricted=False, authorization_reference=None, attested=False).passed
    assert gates.merchant_gate(TEXAS, restricted=False, permit_expires_on=None).passed
    assert gates.certification_gate(TEXAS, restricted=False, certification_version=None).passed
    assert gates.handoff_gate(TEXAS, restricted=False, left_at_door=True).passed
    assert not gates.checkout_age_required(TEXAS, restricted=False)
    assert not gates.doorstep_required(TEXAS, restricted=False)


def test_restricted_goods_are_never_left_at_the_door() -> None:
    assert codes(gates.handoff_gate(TEXAS, restricted=True, left_at_door=True)) == ["no_leave_at_door"]
    assert gates.handoff_gate(TEXAS, restricted=True, left_at_door=False).passed
