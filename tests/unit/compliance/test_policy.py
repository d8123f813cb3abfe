"""The law as dated rows: what holds where and when, and that another state is nothing but other rows."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from shared.compliance import gates
from shared.compliance.credentials import Credential, DocumentKind, PermitKind, Standing
from shared.compliance.facts import (
    AgeFacts,
    CartFacts,
    CertificationFacts,
    DriverFacts,
    Goods,
    HandoffFacts,
    LabelFacts,
    MerchantFacts,
    PlaceFacts,
    RecordFacts,
)
from shared.compliance.law import RULES
from shared.compliance.policy import Policy, policy
from shared.compliance.requirements import (
    DeliveryWeight,
    DriverDocument,
    MinimumAge,
    Permit,
    Requirement,
    Retention,
    RetentionFromReport,
    SaleHours,
    Statement,
)
from shared.compliance.rule import Rule

TODAY = date(2026, 11, 20)
TEXAS = policy("US-TX", TODAY)


def row(rule_id: str, jurisdiction: str, requires: Requirement, since: date = date(2020, 1, 1)) -> Rule:
    return Rule(rule_id, jurisdiction, requires, since, None, "made up", None, "H", TODAY)


XX = (
    row("xx-age", "XX", MinimumAge(18)),
    row("xx-age-island", "XX-IS", MinimumAge(25)),
    row("xx-licence", "XX", Permit(PermitKind.STATE_REGISTRATION, "kiosk licence")),
    row("xx-weight", "XX", DeliveryWeight(500)),
    row("xx-hours", "XX", SaleHours("08:00", "20:00")),
    row("xx-retention", "XX", Retention(7)),
    row("xx-statement", "XX", Statement("xx-1", "I am of age.")),
    row("xx-driver", "XX", DriverDocument(DocumentKind.LICENCE, "licence")),
)


def codes(decision: gates.GateDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def test_texas_stands_on_federal_law_and_its_own() -> None:
    assert {rule.jurisdiction for rule in TEXAS.rules} == {"US", "US-TX"}
    assert {rule.jurisdiction for rule in policy("US-OK", TODAY).rules} == {"US"}
    assert TEXAS.minimum_age == 21


def test_a_rule_holds_from_its_first_day_until_the_day_before_its_end() -> None:
    only = replace(RULES[0], effective_from=TODAY, effective_to=TODAY + timedelta(days=2))
    in_force = [bool(policy("US", TODAY + timedelta(days=n), (only,)).rules) for n in range(-1, 4)]
    assert in_force == [False, True, True, False, False]


@pytest.mark.rule("us-age-21", "tx-age-21", "tx-age-military")
def test_a_state_may_raise_the_age_and_never_lower_it() -> None:
    def with_age(years: int) -> Policy:
        return policy("US-TX", TODAY, (*RULES, row("x", "US-TX", MinimumAge(years))))

    assert with_age(25).minimum_age == 25
    assert with_age(18).minimum_age == 21
    assert "tx-age-military" in [rule.rule_id for rule, age in TEXAS.on(MinimumAge) if age.years < TEXAS.minimum_age]


def test_another_jurisdictions_name_that_begins_alike_is_not_contained() -> None:
    assert policy("US-TX", TODAY, (replace(RULES[0], jurisdiction="US-T"),)).rules == ()


def test_the_version_that_orders_record_names_exactly_what_is_enforced() -> None:
    added = (*RULES, row("new", "US-TX", DeliveryWeight(100), TODAY))
    assert policy("US-TX", TODAY, added).version != TEXAS.version
    assert policy("US-TX", TODAY, RULES[::-1]).version == TEXAS.version
    assert (
        policy("US-TX", TODAY - timedelta(days=1), added).version == policy("US-TX", TODAY - timedelta(days=1)).version
    )
    stricter = tuple(replace(rule, requires=MinimumAge(22)) if rule.rule_id == "us-age-21" else rule for rule in RULES)
    assert policy("US-TX", TODAY, stricter).version != TEXAS.version


def test_every_row_names_its_source_and_was_reviewed() -> None:
    assert all(rule.source and rule.reviewed_at <= TODAY for rule in RULES)
    assert all(rule.url or rule.source == "platform policy" or not rule.enforced for rule in RULES)
    assert len({rule.rule_id for rule in RULES}) == len(RULES)


def test_a_reading_that_nobody_is_sure_of_is_on_file_and_not_enforced() -> None:
    unsure = [rule for rule in RULES if rule.confidence == "L"]
    assert unsure
    assert not any(rule.enforced for rule in unsure)
    assert set(unsure) <= set(TEXAS.rules)
    assert not set(unsure) & set(TEXAS.enforced)


def test_another_state_is_other_rows_and_the_same_gates() -> None:
    there, island = policy("XX", TODAY, XX), policy("XX-IS", TODAY, XX)
    assert (there.minimum_age, island.minimum_age) == (18, 25)
    licence = Credential("pmt_1", PermitKind.STATE_REGISTRATION, Standing.VERIFIED, None, "K-1")
    pods = Goods("prd_1", 2, restricted=True, authorization_reference=None, attested=False, weight_g=250)
    facts = (CartFacts((pods,)), MerchantFacts(TODAY, (licence,)), PlaceFacts("19:59"))
    assert [codes(answer) for answer in gates.sale_gates(there, *facts)] == [[], [], [], []]
    refused = gates.sale_gates(
        there, CartFacts((replace(pods, quantity=3),)), MerchantFacts(TODAY, ()), PlaceFacts("20:00")
    )
    assert [codes(answer) for answer in refused] == [
        [],
        ["permit_missing"],
        ["outside_sale_hours"],
        ["delivery_too_heavy"],
    ]
    assert gates.age_gate(there, AgeFacts(restricted=True)).rule_ids == ("xx-age",)
    assert gates.record_gate(there, RecordFacts(address_known=False)).passed
    assert gates.certification_gate(there, CertificationFacts("xx-1")).passed
    assert not gates.certification_gate(there, CertificationFacts("us-tx-2026-01")).passed
    assert gates.driver_gate(
        there, DriverFacts(TODAY, (Credential("d", "licence", Standing.VERIFIED, None, "XX"),))
    ).passed
    assert gates.label_gate(there, LabelFacts(None)).passed
    assert gates.handoff_gate(there, HandoffFacts(left_at_door=True)).passed
    assert not gates.doorstep_required(there, restricted=True)


def test_a_change_of_a_statement_is_a_row_and_old_orders_keep_theirs() -> None:
    changed = (*XX, row("xx-statement-2", "XX", Statement("xx-2", "I am of age, and alone."), TODAY))
    assert policy("XX", TODAY - timedelta(days=1), changed).statement == Statement("xx-1", "I am of age.")
    assert policy("XX", TODAY, changed).statement == Statement("xx-2", "I am of age, and alone.")


@pytest.mark.rule("us-retention")
@pytest.mark.parametrize(
    ("sold_on", "last_day"),
    [
        (date(2026, 11, 20), date(2030, 12, 31)),
        (date(2026, 12, 31), date(2030, 12, 31)),
        (date(2027, 1, 1), date(2031, 12, 31)),
        (date(2028, 2, 29), date(2032, 12, 31)),
    ],
)
def test_a_record_is_kept_through_the_fourth_full_calendar_year_after_the_sale(sold_on: date, last_day: date) -> None:
    assert policy("US-TX", sold_on).retain_until == last_day


def test_for_how_long_a_record_is_kept_is_a_row_and_an_old_sale_keeps_that_of_its_day() -> None:
    assert policy("XX", TODAY, XX).retain_until == date(2033, 12, 31)
    changed = (
        replace(next(rule for rule in XX if rule.rule_id == "xx-retention"), effective_to=TODAY),
        row("xx-retention-2", "XX", Retention(2), TODAY),
    )
    assert policy("XX", TODAY - timedelta(days=1), changed).retain_until == date(2033, 12, 31)
    assert policy("XX", TODAY, changed).retain_until == date(2028, 12, 31)


def test_of_several_laws_the_one_that_keeps_longest_counts_and_no_law_keeps_nothing() -> None:
    def kept(years: int) -> date:
        return policy("US-TX", TODAY, (*RULES, row("tx-longer", "US-TX", Retention(years)))).retain_until

    assert (kept(6), kept(1)) == (date(2032, 12, 31), date(2030, 12, 31))
    with pytest.raises(ValueError, match="empty"):
        _ = policy("XX", TODAY, ()).retain_until


@pytest.mark.rule("tx-retention")
def test_a_record_that_is_kept_from_its_report_on_outlives_the_year_by_days_once_that_reading_is_enforced() -> None:
    switched_on = tuple(replace(rule, enforced=True) if rule.rule_id == "tx-retention" else rule for rule in RULES)
    [reading] = [rule.requires for rule in RULES if isinstance(rule.requires, RetentionFromReport)]
    assert reading.until(date(2026, 11, 20)) == date(2030, 12, 10)
    december = date(2026, 12, 31)
    assert policy("US-TX", december).retain_until == date(2030, 12, 31)
    assert policy("US-TX", december, switched_on).retain_until == date(2031, 1, 10)
