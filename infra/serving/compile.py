"""`python -m infra.serving.compile`: compile what the engine runs as machine code, so that no first tick or plan has to.

What is compiled is kept where NUMBA_CACHE_DIR says, else beside the source.
"""

import numpy as np

from shared.dispatch.engine.matching import match
from shared.dispatch.engine.planner import plan


def main() -> None:
    first, one = np.zeros(1, dtype=np.int64), np.ones(1)
    match(first, first, one, one, capacity=first + 1, surcharge_s=0.0, seed=0)
    plan.load()


if __name__ == "__main__":
    main()
