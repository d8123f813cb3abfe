"""`python -m infra.serving.compile`: compile what the engine runs as machine code, so that no first tick or plan has to.

What is compiled is kept where NUMBA_CACHE_DIR says, else beside the source.
"""

import numpy as np

from shared.dispatch.engine.matching import match
from shared.dispatch.engine.planner import Requests, Routing, Vehicles
from shared.dispatch.engine.planner.plan import plan

ONE = np.ones(1)
FIRST = np.zeros(1, dtype=np.int64)


def main() -> None:
    match(FIRST, FIRST, ONE, ONE, FIRST + 1, 0.0, seed=0)
    plan(_one_request(), seconds=np.inf, seed=0, steps=1)


def _one_request() -> Routing:
    """From the place where the only vehicle stands to another, at any time."""
    later = np.full(1, np.inf)
    requests = Requests(FIRST, FIRST + 1, 0 * ONE, later, 0 * ONE, later, ONE, ONE, FIRST)
    return Routing(requests, Vehicles(FIRST, FIRST, 0 * ONE, later, FIRST), 1.0 - np.eye(2), vehicle_cost_s=1.0)


if __name__ == "__main__":
    main()
