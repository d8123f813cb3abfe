"""Explaining a tick: its stored problem is solved again, bit for bit, and every decision is laid open."""

from dataclasses import dataclass
from datetime import datetime

from shared.dispatch.engine import Explanation, Parameters, explain, from_bytes, solve
from shared.kernel.errors import NotFound
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class ExplainedTick:
    """`orders` names the order of each explained job, by the job's (task's) id."""

    tick_id: str
    at: datetime
    explanations: tuple[Explanation, ...]
    orders: dict[str, str]


def explain_tick(work: Work, tick_id: str, *, limit: int = 50) -> ExplainedTick:
    """The first `limit` jobs of a tick. Raises NotFound."""
    row = work.one(_TICK, tick_id=tick_id)
    if row is None:
        raise NotFound.of("tick", tick_id)
    problem = from_bytes(bytes(row["problem"]))
    parameters = Parameters.from_dict(row["parameters"])
    plan = solve(problem, parameters, row["seed"])
    explanations = tuple(explain(problem, plan, parameters, job) for job in range(min(limit, len(problem.jobs))))
    task_ids = [explanation.job_id for explanation in explanations]
    orders = {row["task_id"]: row["order_id"] for row in work.run(_ORDERS, task_ids=task_ids)}
    return ExplainedTick(tick_id, row["at"], explanations, orders)


_TICK = "SELECT at, seed, parameters, problem FROM ticks WHERE tick_id = :tick_id"
_ORDERS = "SELECT task_id, order_id FROM tasks WHERE task_id = ANY(CAST(:task_ids AS text[]))"
