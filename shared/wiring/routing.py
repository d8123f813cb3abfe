"""The routers that the settings name."""

import os
from functools import cache
from pathlib import Path

from shared.routing.chain import RouterSettings, open_chains
from shared.routing.protocol import RouterAt


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
