"""What the loops decide with: the platform's parameters, over which a region may set its own, and the routers."""

import os
from functools import cache
from pathlib import Path

from shared.dispatch.engine import Exploration, Parameters
from shared.dispatch.engine.bundles import Bundling
from shared.routing.chain import RouterSettings, open_chains
from shared.routing.protocol import RouterAt


@cache
def parameters() -> Parameters:
    """The engine's own defaults, but one decision of fifty is drawn among near equals: the log is to learn from."""
    return Parameters(exploration=Exploration(rate=0.02))


@cache
def bundling() -> Bundling:
    return Bundling()


@cache
def routers() -> RouterAt:
    """`ROUTER` comes first in the chain: osrm (at `OSRM_URL`), graph (of `ROADS_FILE`), or haversine, which needs no map.

    Raises ValueError for a router that there is not, UnreadableRoads for a damaged file.
    """
    return open_chains(
        RouterSettings(
            first=os.environ.get("ROUTER", "haversine"),
            osrm_url=os.environ.get("OSRM_URL", ""),
            osrm_version=os.environ.get("OSRM_VERSION", ""),
            roads=Path(os.environ.get("ROADS_FILE", ".cloudrun/roads.npz")),
        )
    )
