"""`cloudrun policy table`: the law on file as a page, each row with its gate, its source and the tests that show it to hold."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.compliance.law import RULES
from shared.compliance.requirements import Gate
from shared.compliance.rule import Rule

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "compliance.md"

GATES: dict[Gate, tuple[str, str]] = {
    Gate.AGE: ("a sale is priced and placed", "that the cart is restricted; the policy's version"),
    Gate.PRODUCT: (
        "a product is shown, a sale is priced and placed",
        "of each line: authorisation, attestation, weight, quantity",
    ),
    Gate.PERMIT: (
        "a permit is filed",
        "the permit's own row, kept at least as long as the record of any sale under it",
    ),
    Gate.MERCHANT: (
        "a product is shown, a sale is priced and placed, goods are picked up; swept every five minutes until then",
        "of each permit: id, number, standing, last day",
    ),
    Gate.PLACE: ("a sale is priced and placed", "the store's wall clock, the distance to a school if known"),
    Gate.CERTIFICATION: ("an order is placed", "the statement's version and hash; the event's time"),
    Gate.CHECKOUT: ("a payment is authorised", "provider, kind of proof, reference, result, time"),
    Gate.LABEL: ("goods are marked ready", "the label's version; who packed"),
    Gate.DRIVER: (
        "a driver goes online, is offered work, picks up and hands over",
        "of each document: id, issuer, standing, last day, findings",
    ),
    Gate.DOORSTEP: (
        "the recipient's ID is checked",
        "the outcome alone: yes or no to each question, the signature's hash",
    ),
    Gate.HANDOFF: ("goods are handed over", "whether they were left at the door"),
}
"""Gate → (asked when …, kept in the dossier)."""

_HEAD = """# Compliance

Printed by `cloudrun policy table --write` from the law on file (`shared/compliance/law/`) and the tests' `rule` marks; CI fails
when this page is stale. It is an engineering checklist and not legal advice.

```mermaid
flowchart LR
    law["law<br>dated rows per jurisdiction<br>shared/compliance/law"] --> policy["policy<br>the rows of a place on a day"]
    policy --> gate{"gate<br>facts in, decision out<br>shared/compliance/gates.py"}
    facts["facts<br>permits, documents, goods, checks"] --> gate
    gate -- passed --> step[the order's next step]
    gate -- refused --> problem["problem: reasons, rule ids,<br>what to do next"]
    gate -- "facts and answer" --> evidence[("dossier<br>hash chain")]
    evidence -- "cloudrun policy explain" --> gate
    law -. "rule mark" .-> test["test<br>named as a sentence"]
    gate -.-> test
```

- **Changing the law is adding a row.** An order keeps its jurisdiction, its day and the policy's version; later rows do not
  touch it. `cloudrun policy explain --order ORDER` asks its gates again with the facts that the dossier kept, and with
  `--at 2025-08-31` under the policy of another day.
- **A gate that cannot be evaluated refuses.** Unknown weight, a permit in review, a missing age: each stands against the sale.
- **Between sale and pickup** `expire_documents` looks every five minutes: an order whose store has lost a permit is stopped,
  its hold is given back, and the dossier says by which rule.
- **Permits and documents** have one life ([states](states.md)). Holders are reminded 30, 7 and 1 days before the last day.
- **A new state** is a new file of rows; `tests/unit/compliance/test_policy.py` shows one.
"""


def render() -> str:
    shown = tests_of_rules()
    return "\n".join(
        [
            _HEAD,
            "## Gates",
            "",
            "| gate | asked when | kept in the dossier |",
            "|---|---|---|",
            *(f"| `{gate}` | {asked} | {kept} |" for gate, (asked, kept) in GATES.items()),
            "",
            "## Checklist",
            "",
            "H, M and L say how sure the reading is. A row that is not enforced has an empty box.",
            "",
            *(line for gate in Gate for line in _gate(gate, shown)),
            "## For counsel",
            "",
            "Readings that are not beyond doubt; an L row stays switched off until somebody is sure.",
            "",
            *(_doubt(rule) for rule in RULES if rule.confidence != "H"),
            "",
        ]
    )


@cache
def tests_of_rules() -> dict[str, tuple[str, ...]]:
    """The tests that are marked with each rule id, as links from the docs folder; read from the source, not run."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name, rule_ids in _marked(ast.parse(file.read_text())):
            for rule_id in rule_ids:
                sentence = name.removeprefix("test_").replace("_", " ")
                found.setdefault(rule_id, []).append(f"[{sentence}](../{file.relative_to(ROOT)})")
    return {rule_id: tuple(links) for rule_id, links in found.items()}


def _marked(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in module.body:
        for mark in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
                yield node.name, [ast.literal_eval(argument) for argument in mark.args]


def _gate(gate: Gate, shown: dict[str, tuple[str, ...]]) -> list[str]:
    rows = [rule for rule in RULES if rule.requires.gate == gate]
    return [
        f"### {gate.replace('_', ' ').capitalize()}",
        "",
        *(line for rule in rows for line in _rule(rule, shown)),
        "",
    ]


def _rule(rule: Rule, shown: dict[str, tuple[str, ...]]) -> list[str]:
    box = "x" if rule.enforced else " "
    source = f"[{rule.source}]({rule.url})" if rule.url else rule.source
    since = f"since {rule.effective_from}" + (f" until {rule.effective_to}" if rule.effective_to else "")
    return [
        f"- [{box}] **`{rule.rule_id}`** ({rule.jurisdiction}, {since}, {rule.confidence}): {rule.requires}.",
        f"  - source: {source}; reviewed {rule.reviewed_at}",
        f"  - shown by: {'; '.join(shown.get(rule.rule_id, ('nothing yet',)))}",
    ]


def _doubt(rule: Rule) -> str:
    return f"- `{rule.rule_id}` ({rule.confidence}{'' if rule.enforced else ', switched off'}): {rule.source}"
