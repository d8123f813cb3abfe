"""Gates: facts in, a decision with its reasons and rule ids out."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.compliance import gates
from shared.compliance.credentials import Credential, DocumentKind, PermitKind, Standing
from shared.compliance.facts import (
    AgeFacts,
    CartFacts,
    CertificationFacts,
    CheckoutFacts,
    DoorstepFacts,
    DriverFacts,
    Goods,
    HandoffFacts,
    LabelFacts,
    MerchantFacts,
    PermitFacts,
    PlaceFacts,
    RecordFacts,
)
from shared.compliance.gates import GateDecision
from shared.compliance.law import RULES
from shared.compliance.policy import Policy, policy
from shared.compliance.requirements import DriverDocument, Permit, SaleHours, SchoolDistance

TODAY = date(2026, 11, 20)
TEXAS = policy("US-TX", TODAY)
GOOD = DoorstepFacts(document_read=True, over_age=True, expired=False, photo_match=True, signed=True)
PODS = Goods("prd_1", 1, restricted=True, authorization_reference="PM0000551", attested=True, weight_g=60)
COLA = Goods("prd_2", 99, restricted=False, authorization_reference=None, attested=False, weight_g=None)
PERMITS = tuple(
    Credential(f"pmt_{kind}", kind, Standing.VERIFIED, date(2028, 5, 31), "EC-1001", of_store=True)
    for kind in PermitKind
)
DOCUMENTS = tuple(
    Credential(
        f"doc_{document.kind}", document.kind, Standing.VERIFIED, date(2029, 1, 31), "TX", attested=(document.attested,)
    )
    for document in TEXAS.driver_documents
)


def codes(decision: GateDecision) -> list[str]:
    return [reason.code for reason in decision.reasons]


def product(*goods: Goods) -> GateDecision:
    return gates.product_gate(TEXAS, CartFacts(goods))


def merchant(*permits: Credential, day: date = TODAY) -> GateDecision:
    return gates.merchant_gate(TEXAS, MerchantFacts(day, permits))


def driver(*documents: Credential, day: date = TODAY) -> GateDecision:
    return gates.driver_gate(TEXAS, DriverFacts(day, documents))


def without(held: tuple[Credential, ...], kind: str) -> tuple[Credential, ...]:
    return tuple(each for each in held if each.kind != kind)


def switched_on(rule_id: str) -> Policy:
    return policy(
        "US-TX", TODAY, tuple(replace(rule, enforced=rule.enforced or rule.rule_id == rule_id) for rule in RULES)
    )


def test_where_no_age_is_on_file_nothing_restricted_is_sold() -> None:
    nowhere = policy("XX", TODAY)
    assert codes(gates.age_gate(nowhere, AgeFacts(restricted=True))) == ["age_unknown"]
    assert gates.age_gate(nowhere, AgeFacts(restricted=False)).passed
    assert gates.age_gate(TEXAS, AgeFacts(restricted=True)).rule_ids == ("us-age-21", "tx-age-21", "tx-age-military")


@pytest.mark.rule("us-product-authorized", "tx-attested")
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
    decision = product(COLA, replace(PODS, authorization_reference=reference, attested=attested))
    assert codes(decision) == expected
    assert decision.rule_ids == ("us-product-authorized", "us-weight", "tx-attested")


@pytest.mark.rule("us-weight")
@pytest.mark.parametrize(
    ("weight_g", "quantity", "expected"),
    [(4_535, 1, []), (4_536, 1, ["delivery_too_heavy"]), (60, 75, []), (60, 76, ["delivery_too_heavy"]),
     (None, 1, ["product_weight_unknown"])],
)  # fmt: skip
def test_the_restricted_goods_of_a_delivery_weigh_ten_pounds_at_most(
    weight_g: int | None, quantity: int, expected: list[str]
) -> None:
    assert codes(product(replace(PODS, weight_g=weight_g, quantity=quantity), COLA)) == expected


@pytest.mark.rule("us-weight")
def test_the_weights_of_all_lines_add_up() -> None:
    half = replace(PODS, weight_g=2_268)
    assert product(half).passed
    assert codes(product(half, replace(half, product_id="prd_3"))) == ["delivery_too_heavy"]


@pytest.mark.rule("tx-permit", "tx-sales-tax", "tx-registration", "us-atf-registration", "us-not-listed")
@pytest.mark.parametrize("permit", [permit for _, permit in TEXAS.on(Permit)], ids=lambda permit: permit.kind)
def test_each_permit_and_registration_must_be_in_force(permit: Permit) -> None:
    assert merchant(*PERMITS).passed
    others = without(PERMITS, permit.kind)
    assert codes(merchant(*others)) == ["permit_missing"]
    [held] = [each for each in PERMITS if each.kind == permit.kind]
    for status, code in (
        (Standing.SUBMITTED, "permit_submitted"),
        (Standing.IN_REVIEW, "permit_in_review"),
        (Standing.REJECTED, "permit_rejected"),
        (Standing.REVOKED, "permit_revoked"),
    ):
        decision = merchant(*others, replace(held, status=status))
        assert codes(decision) == [code]
        [reason] = decision.reasons
        assert permit.name in reason.sentence
        assert reason.rule_id in decision.rule_ids


def test_a_permit_is_good_through_its_last_day() -> None:
    last = date(2028, 5, 31)
    assert merchant(*PERMITS, day=last).passed
    assert set(codes(merchant(*PERMITS, day=last + timedelta(days=1)))) == {"permit_expired"}


@pytest.mark.rule("tx-permit")
def test_a_retail_permit_of_another_place_does_not_do() -> None:
    elsewhere = tuple(replace(each, of_store=False) for each in PERMITS)
    assert codes(merchant(*elsewhere)) == ["permit_missing"]


@pytest.mark.rule("tx-permit-term")
@pytest.mark.parametrize(
    ("expires_on", "passed"),
    [(date(2028, 5, 31), True), (date(2027, 5, 31), False), (date(2028, 5, 30), False), (date(2028, 6, 1), False)],
)
def test_a_retail_permit_ends_with_may_of_an_even_year(expires_on: date, passed: bool) -> None:
    filed = PermitFacts(PermitKind.E_CIGARETTE_RETAIL, expires_on)
    assert gates.permit_gate(TEXAS, filed).passed == passed
    assert gates.permit_gate(TEXAS, replace(filed, kind=PermitKind.SALES_TAX)).passed


@pytest.mark.rule("tx-sale-hours")
def test_hours_of_sale_bind_once_their_row_is_enforced() -> None:
    night = PlaceFacts("06:59")
    assert gates.place_gate(TEXAS, night).passed
    strict = switched_on("tx-sale-hours")
    [(_, hours)] = strict.on(SaleHours)
    assert codes(gates.place_gate(strict, night)) == ["outside_sale_hours"]
    assert gates.place_gate(strict, PlaceFacts(hours.opens)).passed


@pytest.mark.rule("tx-school-distance")
def test_a_distance_to_schools_that_is_not_known_refuses_once_its_row_is_enforced() -> None:
    assert gates.place_gate(TEXAS, PlaceFacts("12:00", school_m=1)).passed
    strict = switched_on("tx-school-distance")
    [(_, school)] = strict.on(SchoolDistance)
    assert codes(gates.place_gate(strict, PlaceFacts("12:00"))) == ["near_school"]
    assert codes(gates.place_gate(strict, PlaceFacts("12:00", school_m=school.metres - 1))) == ["near_school"]
    assert gates.place_gate(strict, PlaceFacts("12:00", school_m=school.metres)).passed


@pytest.mark.rule("us-record-address")
def test_a_sale_that_cannot_be_recorded_is_not_made() -> None:
    assert gates.record_gate(TEXAS, RecordFacts(address_known=True)).passed
    assert codes(gates.record_gate(TEXAS, RecordFacts(address_known=False))) == ["address_missing"]
    before_the_pact_act = policy("US-TX", date(2021, 3, 26))
    assert codes(gates.record_gate(before_the_pact_act, RecordFacts(address_known=False))) == ["retention_unknown"]


@pytest.mark.rule("tx-certification")
def test_the_purchasers_statement_is_the_present_one() -> None:
    assert TEXAS.statement is not None
    assert "illegal" in TEXAS.statement.text
    assert gates.certification_gate(TEXAS, CertificationFacts(TEXAS.statement.version)).passed
    for other in ("us-tx-2019-09", None):
        assert codes(gates.certification_gate(TEXAS, CertificationFacts(other))) == ["certification_missing"]


@pytest.mark.rule("us-checkout-age", "us-checkout-document")
def test_a_purchasers_age_is_proven_by_the_kinds_of_evidence_on_file() -> None:
    strict = policy("US-TX", TODAY, tuple(rule for rule in RULES if rule.rule_id != "us-checkout-document"))
    assert gates.checkout_age_required(strict, restricted=True)
    for law, evidence, expected in (
        (TEXAS, "database_check", []),
        (TEXAS, "document_check", []),
        (TEXAS, None, ["age_not_proven"]),
        (strict, "database_check", []),
        (strict, "document_check", ["age_not_proven"]),
    ):
        assert codes(gates.checkout_gate(law, CheckoutFacts(evidence))) == expected


@pytest.mark.rule("us-label")
def test_the_label_is_confirmed_by_its_version() -> None:
    assert TEXAS.label is not None
    assert TEXAS.label.text.startswith("CIGARETTES/NICOTINE/SMOKELESS TOBACCO: FEDERAL LAW REQUIRES")
    assert gates.label_gate(TEXAS, LabelFacts(TEXAS.label.version)).passed
    assert codes(gates.label_gate(TEXAS, LabelFacts(None))) == ["label_missing"]


@pytest.mark.rule(
    "us-driver-licence", "us-driver-insurance", "us-driver-registration", "us-driver-background", "us-driver-record",
    "us-driver-photo",
)  # fmt: skip
@pytest.mark.parametrize("document", TEXAS.driver_documents, ids=lambda document: document.kind)
def test_each_document_of_a_driver_must_be_in_force_and_say_what_it_must(document: DriverDocument) -> None:
    assert {kind.kind for kind in TEXAS.driver_documents} == set(DocumentKind)
    assert driver(*DOCUMENTS).passed
    others = without(DOCUMENTS, document.kind)
    assert codes(driver(*others)) == ["document_missing"]
    [held] = [each for each in DOCUMENTS if each.kind == document.kind]
    assert codes(driver(*others, replace(held, expires_on=TODAY - timedelta(days=1)))) == ["document_expired"]
    assert codes(driver(*others, replace(held, status=Standing.REVOKED))) == ["document_revoked"]
    lacking = driver(*others, replace(held, attested=()))
    assert codes(lacking) == (["document_rejected"] if document.attested else [])


def test_a_driver_is_cleared_until_the_first_document_lapses_and_until_yesterday_when_one_is_missing() -> None:
    def until(*documents: Credential) -> date | None:
        return gates.cleared_until(TEXAS, DriverFacts(TODAY, documents))

    soon = date(2026, 12, 31)
    photo, others = DOCUMENTS[-1], DOCUMENTS[:-1]
    assert until(*DOCUMENTS) == date(2029, 1, 31)
    assert until(*others, replace(photo, expires_on=soon)) == soon
    assert until(*(replace(document, expires_on=None) for document in DOCUMENTS)) is None
    assert until(*others) == until(*others, replace(photo, status=Standing.REVOKED)) == TODAY - timedelta(days=1)


@pytest.mark.rule("us-doorstep", "us-age-21", "tx-age-21")
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


@pytest.mark.rule("tx-barcode")
def test_the_facts_of_a_doorstep_check_have_no_room_for_what_a_document_says() -> None:
    assert {field.type for field in fields(DoorstepFacts)} <= {bool, "bool"}
    assert "tx-barcode" in gates.doorstep_gate(TEXAS, GOOD).rule_ids


@pytest.mark.rule("us-in-person")
def test_restricted_goods_are_never_left_at_the_door() -> None:
    assert codes(gates.handoff_gate(TEXAS, HandoffFacts(left_at_door=True))) == ["no_leave_at_door"]
    assert gates.handoff_gate(TEXAS, HandoffFacts(left_at_door=False)).passed


def test_ordinary_goods_are_asked_nothing() -> None:
    nobody = MerchantFacts(TODAY, ())
    assert gates.sale_gates(TEXAS, CartFacts((COLA,)), nobody, PlaceFacts("03:00")) == ()
    assert not gates.checkout_age_required(TEXAS, restricted=False)
    assert not gates.doorstep_required(TEXAS, restricted=False)


def test_a_sale_is_asked_for_age_merchant_place_and_product() -> None:
    answers = gates.sale_gates(TEXAS, CartFacts((PODS, COLA)), MerchantFacts(TODAY, PERMITS), PlaceFacts("12:00"))
    assert [answer.gate for answer in answers] == ["age", "merchant", "place", "product"]
    assert all(answer.passed for answer in answers)
