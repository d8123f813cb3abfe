"""Rules as dated rows per jurisdiction. Changing the law means adding a row; no handler knows a rule by itself."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Topic = Literal[
    "minimum_age", "product_authorization", "merchant_permit", "certification", "checkout_age_check", "doorstep_check",
    "no_leave_at_door",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. In force from `effective_from` to the day before `effective_to`; `value` is the topic's number, if any."""

    rule_id: str
    jurisdiction: str
    topic: Topic
    effective_from: date
    effective_to: date | None
    source: str
    confidence: Literal["H", "M", "L"]
    reviewed_at: date
    value: int | None = None


_REVIEWED = date(2026, 11, 20)

RULES: tuple[Rule, ...] = (
    Rule("us-age-21", "US", "minimum_age", date(2019, 12, 20), None, "21 USC 387f(d)(5)", "H", _REVIEWED, 21),
    Rule("us-product-authorized", "US", "product_authorization", date(2021, 3, 27), None, "21 USC 387j", "H", _REVIEWED),
    Rule("us-checkout-age", "US", "checkout_age_check", date(2021, 3, 27), None, "15 USC 376a(b)(4)(A)(iii)", "H", _REVIEWED),
    Rule("us-doorstep", "US", "doorstep_check", date(2021, 3, 27), None, "15 USC 376a(b)(4)(A)(ii)", "H", _REVIEWED),
    Rule("us-in-person", "US", "no_leave_at_door", date(2021, 3, 27), None, "15 USC 376a(b)(4)(A)(ii)", "H", _REVIEWED),
    Rule("tx-age-21", "US-TX", "minimum_age", date(2019, 9, 1), None, "Tex. HSC 161.081; 34 TAC 3.1206(a)(4)", "H", _REVIEWED, 21),
    Rule("tx-permit", "US-TX", "merchant_permit", date(2022, 1, 1), None, "Tex. HSC ch. 147", "H", _REVIEWED),
    Rule("tx-certification", "US-TX", "certification", date(2019, 9, 1), None, "Tex. HSC 161.453-454", "M", _REVIEWED),
    Rule("tx-attested", "US-TX", "product_authorization", date(2025, 9, 1), None, "Tex. HSC 161.0876 (SB 2024)", "M", _REVIEWED),
)  # fmt: skip

CERTIFICATION_VERSION = "us-tx-2026-01"
CERTIFICATION_TEXT = (
    "I am at least 21 years old, the delivery address is mine, and I understand that sales of e-cigarettes to anyone "
    "under 21 are illegal and that a valid government photo ID will be checked at the door."
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is in force at one place on one day. `version` names exactly this set of rows."""

    jurisdiction: str
    day: date
    rules: tuple[Rule, ...]

    @property
    def version(self) -> str:
        newest = max((rule.effective_from for rule in self.rules), default=self.day)
        return f"{self.jurisdiction.lower()}-{newest.isoformat()}-{len(self.rules)}"

    def on(self, topic: Topic) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.topic == topic)

    @property
    def minimum_age(self) -> int:
        """The strictest of all that apply: a state may raise the federal age, never lower it. Years."""
        return max(rule.value or 0 for rule in self.on("minimum_age"))


def policy(jurisdiction: str, day: date, rules: tuple[Rule, ...] = RULES) -> Policy:
    """The rows of a jurisdiction and of everything that contains it (`US-TX` lies in `US`) on a day."""
    applying = tuple(
        rule
        for rule in rules
        if (jurisdiction == rule.jurisdiction or jurisdiction.startswith(f"{rule.jurisdiction}-"))
        and rule.effective_from <= day
        and (rule.effective_to is None or day < rule.effective_to)
    )
    return Policy(jurisdiction, day, applying)
