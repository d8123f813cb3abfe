"""A generated city the size and shape of Dallas, for whoever has no map data. No street of it exists.

Freeways (an inner loop, a loop, a turnpike and radials), arterials a mile apart, neighbourhoods between them, a river
with its floodplain, lakes and parks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from shared.routing.streets.geojson import Streets, area, line, lines
from shared.routing.streets.land import Land, degrees, lay_land
from shared.routing.streets.neighbourhoods import downtown, neighbourhoods
from shared.routing.streets.plane import ribbon, simplify
from shared.routing.streets.roads import Road, arterials, freeways, grid

ATTRIBUTION = "Generated street network; no real place"


def generate(seed: int = 1) -> Streets:
    """The city of that seed: always the same one. About 1.3 MB as compact JSON, made in a few seconds."""
    random = np.random.default_rng(seed)
    land = lay_land(random)
    columns, rows = grid(random)
    big = freeways()
    motorways = np.vstack([road.points for road in big])
    big += [*arterials(land, columns, rows), *downtown(motorways)]
    features = _ground(land)
    for streets in neighbourhoods(random, land, columns, rows, motorways):
        features.append(lines("residential", "", [degrees(street) for street in streets]))
    order = ("residential", "secondary", "primary", "motorway")
    features += [_drawn(road) for kind in order for road in big if road.kind == kind]
    return {"type": "FeatureCollection", "generated": True, "attribution": ATTRIBUTION, "features": features}


def _drawn(road: Road) -> dict[str, Any]:
    return line(road.kind, road.name, degrees(simplify(road.points, 4.0)))


def _ground(land: Land) -> list[dict[str, Any]]:
    """Parks below, water above."""
    river = land.river
    breadth = np.arange(len(river))
    meadows = ribbon(river[::5], 330.0 + 60.0 * np.sin(breadth[::5] / 37.0))
    stream = ribbon(river, 45.0 + 12.0 * np.sin(breadth / 23.0))
    return [
        area("park", "River Greenbelt", [degrees(simplify(meadows, 8.0))]),
        *(area("park", "Park", [degrees(park.outline(40))]) for park in land.parks),
        *(area("water", "Lake", [degrees(simplify(lake.outline(240), 8.0))]) for lake in land.lakes),
        area("water", "River", [degrees(simplify(stream, 3.0))]),
    ]
