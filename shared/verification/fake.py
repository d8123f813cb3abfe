"""A provider that decides by the name it is told, for development and tests."""

from collections.abc import Callable

from shared.kernel.errors import Unavailable
from shared.verification.protocol import CheckRequest, CheckResult, Evidence, Outcome, Receipt

SCRIPT = {
    "Declined": Outcome.DECLINED,
    "Review": Outcome.REVIEW,
    "Abandoned": Outcome.ABANDONED,
    "Error": Outcome.ERROR,
    "Later": Outcome.PENDING,
}


class FakeVerifier:
    """A surname of `SCRIPT` gives its outcome, `Unreachable` no answer; all others are approved.

    `Later` is approved when it is asked for again. It holds a person only for a document check, as real ones do.
    """

    provider = "fake"

    def __init__(self, evidence: Evidence = "database_check") -> None:
        self.evidence: Evidence = evidence

    def check(self, request: CheckRequest, hold: Callable[[str], None]) -> CheckResult:
        surname = request.subject.full_name.split()[-1]
        if surname == "Unreachable":
            raise Unavailable("The age check's provider does not answer. Send the request again in a moment.")
        if self.evidence == "document_check" and request.held_as is None:
            hold(f"person_{request.check_id}")
        return self._result(request.check_id, SCRIPT.get(surname, Outcome.APPROVED))

    def find(self, check_id: str) -> CheckResult | None:
        return self._result(check_id, Outcome.APPROVED)

    def held_long(self) -> list[str]:
        return []

    def forget(self, held_as: str) -> Receipt:
        return Receipt(self.provider, held_as, 204, f"fake_{held_as}", "")

    def _result(self, check_id: str, outcome: Outcome) -> CheckResult:
        return CheckResult(check_id, outcome, self.provider, self.evidence, f"fake_{check_id}")
