"""Which kind of proof will do at checkout is a row of the law of the order's day, and the gate by it comes before any money."""

from datetime import date

import pytest
from flask import Response

from shared.kernel.roles import Actor
from shared.orders.explanation import explain
from shared.orders.rules import GateRefused
from shared.verification import service as verification
from shared.verification.fake import FakeVerifier
from shared.verification.protocol import CheckResult, Evidence, Outcome, Subject
from shared.wiring import storage
from tests.fixtures.http import Json, refused, taken
from tests.fixtures.world import ADULT, World

ADULT_SUBJECT = Subject("Jordan Rivers", date(1990, 4, 2), "1 Elm St, Dallas 75201")


def approved(world: World, order: Json, evidence: Evidence) -> None:
    """A check that its provider left open, approved by such a proof."""
    later = {**ADULT, "full_name": "Jordan Later"}
    taken(world.customer.post(f"/v1/orders/{order['id']}/verify_age", later, key=world.key()))
    check_id = world.rows("SELECT check_id FROM age_checks WHERE status = 'pending'")[0]["check_id"]
    with storage.unit_of_work() as work:
        verification.record(work, order["id"], CheckResult(check_id, Outcome.APPROVED, "fake", evidence, "ref"))


def paying(world: World, order: Json) -> Response:
    path = f"/v1/orders/{order['id']}/payment/authorize"
    return world.customer.post(path, {"payment_method": "tok_visa"}, key=world.key())


@pytest.mark.rule("us-checkout-age", "us-checkout-document")
@pytest.mark.parametrize("evidence", ["database_check", "document_check"])
def test_a_proof_of_either_kind_on_file_makes_an_order_payable(world: World, evidence: Evidence) -> None:
    order = world.an_order()
    approved(world, order, evidence)
    assert taken(paying(world, order))["status"] == "payment_authorized"


@pytest.mark.rule("us-checkout-age")
def test_a_proof_of_a_kind_that_will_not_do_makes_no_order_payable(world: World) -> None:
    order = world.an_order()
    approved(world, order, "statement")
    read = world.read(order["id"])
    assert (read["status"], read["age_check"]["status"]) == ("created", "required")
    refused(paying(world, order), 409, "age_check_required")
    assert world.rows("SELECT 1 FROM payment_intents") == []
    with storage.unit_of_work() as work:
        found = explain(work, order["id"])
    [checkout] = [verdict for verdict in found.verdicts if verdict.answer.gate == "checkout"]
    assert (checkout.answer.passed, checkout.same) == (False, True)
    assert checkout.answer.rule_ids == ("us-checkout-age", "us-checkout-document")
    assert [reason.code for reason in checkout.again.reasons] == ["age_not_proven"]
    assert world.verdict(order["id"])["valid"]


def test_three_proofs_that_will_not_do_end_the_order_and_give_its_goods_back(world: World) -> None:
    stock = "SELECT stock FROM products WHERE product_id = :id"
    before = world.one(stock, id=world.shop.products[0])
    order = world.an_order()
    for _ in range(3):
        approved(world, order, "statement")
    assert world.read(order["id"])["status"] == "age_failed"
    assert world.one(stock, id=world.shop.products[0]) == before


@pytest.mark.rule("us-checkout-age")
def test_nobody_is_sent_to_a_provider_whose_kind_of_proof_will_not_do(world: World) -> None:
    order, customer = world.an_order(), Actor("customer", world.customer.id)
    with storage.unit_of_work() as work, pytest.raises(GateRefused, match="database_check or a document_check"):
        verification.verify_age(work, order["id"], ADULT_SUBJECT, None, customer, FakeVerifier("statement"))
    assert world.rows("SELECT 1 FROM age_checks") == []
    assert world.read(order["id"])["status"] == "created"
    refused(paying(world, order), 409, "age_check_required")
