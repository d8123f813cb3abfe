"""GET /v1/admin/dispatch/ticks/{tick_id}: what a tick weighed and why it chose, by solving its stored problem again."""

from datetime import datetime

from shared.dispatch.engine import Explanation
from shared.dispatch.explanation import explain_tick
from shared.http.endpoint import endpoint
from shared.kernel.deployment import SOLVER
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.work import Work


class CandidateView(View):
    """Weighted seconds per term; `p_accept` is a probability; cost = their sum ÷ p_accept."""

    driver_id: str
    cost: float
    approach_s: float
    eta_s: float
    terms: dict[str, float]


class DecisionView(View):
    """`job_id` is a task's, or a planned trip's; `order_id` is the first of its `order_ids`. `propensity`: the probability of the
    choice, given what the tick saw; `explored`: a draw among near equals decided, and `margin_s` is below 0 if the draw was not
    the cheapest."""

    job_id: str
    order_id: str
    order_ids: list[str]
    chosen_driver_id: str | None
    reason: str | None
    runner_up_id: str | None
    margin_s: float | None
    decisive_term: str | None
    propensity: float | None
    explored: bool
    wait_price: float
    candidates: list[CandidateView]


class TickView(View):
    id: str
    at: datetime
    jobs: list[DecisionView]


@endpoint("GET", "/v1/admin/dispatch/ticks/{tick_id}", roles={Role.ADMIN}, process="dispatch", sizing=SOLVER)
def get_tick(tick_id: str, work: Work) -> TickView:
    explained = explain_tick(work, tick_id)
    jobs = [_decision(explanation, explained.orders[explanation.job_id]) for explanation in explained.explanations]
    return TickView(id=tick_id, at=explained.at, jobs=jobs)


def _decision(explanation: Explanation, order_ids: tuple[str, ...]) -> DecisionView:
    return DecisionView(
        job_id=explanation.job_id,
        order_id=order_ids[0],
        order_ids=list(order_ids),
        chosen_driver_id=explanation.chosen_driver_id,
        reason=explanation.reason,
        runner_up_id=explanation.runner_up_id,
        margin_s=explanation.margin_s,
        decisive_term=explanation.decisive_term,
        propensity=explanation.propensity,
        explored=explanation.explored,
        wait_price=explanation.wait_price,
        candidates=[
            CandidateView(
                driver_id=candidate.driver_id,
                cost=candidate.cost,
                approach_s=candidate.approach_s,
                eta_s=candidate.eta_s,
                terms=candidate.terms,
            )
            for candidate in explanation.candidates
        ],
    )
