"""Who may drive, and which positions count. Pure."""

from datetime import datetime, timedelta

from shared.compliance.credentials import IN_FORCE
from shared.compliance.facts import DriverFacts
from shared.compliance.gates import document_standing, driver_gate
from shared.compliance.policy import Policy
from shared.kernel.errors import BadInput, Conflict

LARGEST_LEAD = timedelta(seconds=60)
"""A device's clock may be this far ahead of ours."""

OLDEST_POSITION = timedelta(hours=1)


class DocumentsMissing(Conflict):
    """`missing` lists every document that stands in the way, with its present status."""

    code, title = "documents_missing", "Documents stand in the way"


class CarryingGoods(Conflict):
    code, title = "carrying_goods", "There is a task in hand"


def check_documents(policy: Policy, facts: DriverFacts) -> None:
    """Everything that is asked of a driver, verified and in force. Raises DocumentsMissing."""
    decision = driver_gate(policy, facts)
    if decision.passed:
        return
    found = {document.kind: document_standing(document, facts) for document in policy.driver_documents}
    missing = [{"kind": kind.value, "status": state.value} for kind, state in found.items() if state not in IN_FORCE]
    named = ", ".join(f"{entry['kind']} ({entry['status']})" for entry in missing)
    raise DocumentsMissing(
        f"File what is missing with POST …/documents and wait for its review: {named}.",
        missing=missing,
        rule_ids=[reason.rule_id for reason in decision.reasons],
    )


def check_position_time(at: datetime, now: datetime, field: str) -> None:
    """Raises BadInput for a time without zone, in the future or too old."""
    if at.tzinfo is None:
        raise BadInput.field(field, "needs a UTC offset, like 2026-11-20T18:03:05Z")
    if at > now + LARGEST_LEAD:
        raise BadInput.field(field, "lies in the future: set the device's clock")
    if at < now - OLDEST_POSITION:
        raise BadInput.field(field, "is more than an hour old")
