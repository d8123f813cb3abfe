"""The pure dispatch engine. Three nouns: Problem, Plan, and `solve(problem, parameters, seed)` from one to the other.

plan = solve(problem, parameters, seed)                        # candidates → costs → matching
explain(problem, plan, parameters, job)                        # who was weighed, the margin, the runner-up
to_bytes(problem), from_bytes(data)                            # the replay file

The only step that asks the outside world comes before, from `engine.roads`, and is not loaded where a stored problem is
solved again: measure(problem, router, parameters, "haversine") gives the problem its candidates and the ways to them.
"""

from shared.dispatch.engine.acceptance import Acceptance
from shared.dispatch.engine.explain import Candidate, Explanation, explain
from shared.dispatch.engine.parameters import Exploration, Parameters, Policy, Timing, Weights
from shared.dispatch.engine.plan import Plan, Reason, Terms
from shared.dispatch.engine.problem import Drivers, Jobs, Problem, Region, Roads
from shared.dispatch.engine.replay import UnreadableReplay, from_bytes, to_bytes
from shared.dispatch.engine.scoring import acceptance_features
from shared.dispatch.engine.solve import solve
from shared.dispatch.engine.timing import worth_pooling

__all__ = [
    "Acceptance",
    "Candidate",
    "Drivers",
    "Explanation",
    "Exploration",
    "Jobs",
    "Parameters",
    "Plan",
    "Policy",
    "Problem",
    "Reason",
    "Region",
    "Roads",
    "Terms",
    "Timing",
    "UnreadableReplay",
    "Weights",
    "acceptance_features",
    "explain",
    "from_bytes",
    "solve",
    "to_bytes",
    "worth_pooling",
]
