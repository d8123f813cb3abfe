"""An old order, asked again: under the policy of its day it stands, whatever the law has become since."""

from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from infra.cli import app
from shared.compliance.law import RULES
from shared.compliance.requirements import DeliveryWeight, MinimumAge
from shared.compliance.rule import Rule
from shared.kernel.errors import NotFound
from shared.orders.explanation import explain
from shared.wiring import storage
from tests.fixtures.http import forget_wiring
from tests.fixtures.world import World


def row(rule_id: str, requires: MinimumAge | DeliveryWeight, since: date) -> Rule:
    return Rule(rule_id, "US-TX", requires, since, None, "made up", None, "H", since)


def test_a_delivered_order_keeps_what_every_gate_was_asked_and_stands(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    with storage.unit_of_work() as work:
        found = explain(work, order["id"])
    assert found.as_placed
    assert found.same
    assert [verdict.answer.gate.value for verdict in found.verdicts] == [
        "age", "merchant", "place", "product", "record", "certification", "checkout", "label", "merchant", "driver", "doorstep",
        "handoff", "driver",
    ]  # fmt: skip
    assert all(verdict.again.passed for verdict in found.verdicts)


def test_a_law_that_came_later_does_not_touch_an_order_and_is_a_row_more(world: World) -> None:
    order = world.an_order()
    later = (*RULES, row("tx-weight-2027", DeliveryWeight(50), date(2027, 1, 1)))
    with storage.unit_of_work() as work:
        of_its_day = explain(work, order["id"], rules=later)
        of_2027 = explain(work, order["id"], date(2027, 1, 1), later)
    assert of_its_day.as_placed
    assert of_its_day.same
    [changed] = [verdict for verdict in of_2027.verdicts if not verdict.same]
    assert [(reason.code, reason.rule_id) for reason in changed.again.reasons] == [
        ("delivery_too_heavy", "tx-weight-2027")
    ]


@pytest.mark.rule("tx-attested")
def test_what_was_sold_before_the_attestation_was_asked_for_was_sold_lawfully(world: World) -> None:
    unattested = world.shop.stock(name="Old stock", attested=False)
    world.api.clock.advance(days=-(date(2026, 11, 20) - date(2025, 8, 29)).days)
    forget_wiring()  # a clock in use never goes back
    order = world.an_order(unattested)
    with storage.unit_of_work() as work:
        then, today = explain(work, order["id"]), explain(work, order["id"], date(2026, 11, 20))
    assert (then.placed_on, then.as_placed, then.same) == (date(2025, 8, 29), True, True)
    assert "tx-attested" not in {rule.rule_id for rule in then.policy.rules}
    assert [reason.rule_id for verdict in today.verdicts for reason in verdict.again.reasons] == ["tx-attested"]


def test_a_row_that_was_changed_instead_of_added_is_noticed(world: World) -> None:
    order = world.an_order()
    rewritten = tuple(replace(rule, requires=MinimumAge(18)) if rule.rule_id == "us-age-21" else rule for rule in RULES)
    with storage.unit_of_work() as work:
        assert not explain(work, order["id"], rules=rewritten).as_placed


def test_nothing_is_asked_of_an_ordinary_cart(world: World) -> None:
    order = world.an_order(world.shop.products[1])
    with storage.unit_of_work() as work:
        found = explain(work, order["id"])
        assert (found.restricted, found.verdicts) == (False, ())
        with pytest.raises(NotFound):
            explain(work, "ord_unknown")


def test_the_command_says_which_rules_applied_and_why(world: World) -> None:
    order = world.an_order()
    command = ["policy", "explain", "--order", order["id"]]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    for expected in ("was placed on 2026-11-20", "tx-permit", "15 USC 376a(b)(1)", "[switched off]", "satisfies us-age-21",
                     "Every gate gives the answer that it gave."):  # fmt: skip
        assert expected in said.output
    long_ago = CliRunner().invoke(app, [*command, "--at", "2019-10-01"])
    assert long_ago.exit_code == 0, long_ago.output
    assert "no rule asks for it" in long_ago.output
    assert CliRunner().invoke(app, ["policy", "explain", "--order", "ord_unknown"]).exit_code == 2
