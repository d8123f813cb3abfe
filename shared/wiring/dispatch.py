"""What the loops decide with: the platform's parameters, over which a region may set its own."""

from functools import cache

from shared.dispatch.engine import Exploration, Parameters
from shared.dispatch.engine.bundles import Bundling


@cache
def parameters() -> Parameters:
    """The engine's own defaults, but one decision of fifty is drawn among near equals: the log is to learn from."""
    return Parameters(exploration=Exploration(rate=0.02))


@cache
def bundling() -> Bundling:
    return Bundling()
