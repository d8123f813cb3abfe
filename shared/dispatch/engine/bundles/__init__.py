"""Which waiting orders to carry together. Pure: orders and travel times in, bundles out; seconds from now throughout.

A planner draws up routes; a bundle is a stretch of a route on which the driver has goods on board all the time. It is kept
only where it beats serving its orders apart: what it saves the drivers, less what it costs the customers in waiting, must
exceed a share of its shortest order's own length. An order joins a trip in hand by the same rule.

What talks to the planner is in `routes`, to be imported by itself: the planner takes a second to load.
"""

from shared.dispatch.engine.bundles.judge import alone, arrivals, join, judge
from shared.dispatch.engine.bundles.orders import Bundle, Bundling, Stop, Waiting

__all__ = [
    "Bundle",
    "Bundling",
    "Stop",
    "Waiting",
    "alone",
    "arrivals",
    "join",
    "judge",
]
