"""Which rules applied to an order, and what its gates say of the kept facts under the policy of its day, or of another."""

from dataclasses import asdict, dataclass
from datetime import date

from shared.compliance.gates import GateDecision
from shared.compliance.policy import Policy, policy
from shared.compliance.replay import Answer, answers, ask_again
from shared.compliance.rule import Rule
from shared.dossier import service as dossiers
from shared.orders import service as orders
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate answered then, and what it says of the same facts now that it is asked again."""

    answer: Answer
    again: GateDecision

    @property
    def same(self) -> bool:
        return self.answer.passed == self.again.passed


@dataclass(frozen=True, slots=True)
class Explanation:
    """`recorded_version` is the policy's version that the order kept; `placed_on` its day, by the store's calendar."""

    order_id: str
    restricted: bool
    placed_on: date
    recorded_version: str
    policy: Policy
    verdicts: tuple[Verdict, ...]

    @property
    def as_placed(self) -> bool:
        """Whether this is the policy that the order was placed under, row for row."""
        return self.policy.day == self.placed_on and self.policy.version == self.recorded_version

    @property
    def same(self) -> bool:
        return all(verdict.same for verdict in self.verdicts)


def explain(work: Work, order_id: str, at: date | None = None, rules: tuple[Rule, ...] | None = None) -> Explanation:
    """By the policy of the order's own day when `at` is None, and by the law on file when `rules` is. Raises NotFound."""
    row = orders.read(work, order_id).row
    law = policy(row["jurisdiction"], at or row["policy_on"], rules)
    kept = answers([asdict(event) for event in dossiers.events(work, order_id)])
    return Explanation(
        order_id=order_id,
        restricted=row["restricted"],
        placed_on=row["policy_on"],
        recorded_version=row["policy_version"],
        policy=law,
        verdicts=tuple(Verdict(answer, ask_again(law, answer)) for answer in kept),
    )
