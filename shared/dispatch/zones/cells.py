"""A region as hexagons: the H3 cells around its stores (h3geo.org). Pure.

A place belongs to the zone with the nearest centre, no further than a corner of the hexagon is. One rule for ticks (a
k-d tree), prices (SQL) and forecasts; on the default resolution it differs from H3's own border for 0.4 % of places,
and costs a third of asking H3 place by place: its Python interface is not vectorised.
"""

from __future__ import annotations

from dataclasses import dataclass

import h3
import numpy as np
from scipy.spatial import cKDTree

from shared.dispatch.engine.columns import Floats, Ints, Strings

RESOLUTION = 7
"""Cells of about 5 km², four minutes across. A coarser one hides where in a city drivers lack; in a finer one less than
one order is expected per half hour, and a driver in the next cell is as good as in this one."""

RINGS = 2
"""Cells around a store's own that belong to the region: where its drivers wait and come free."""

METRES_PER_DEGREE = 111_195.0
THREADS_PAY_FROM = 2_000
"""Places from which a second thread finds their zones sooner than it starts."""


@dataclass(frozen=True, slots=True, eq=False)
class Zoning:
    """A region's zones, in the order of their cells; all of shape [zones].

    cell       H3 index, hexadecimal
    lat, lng   the centre, degrees
    radius_m   from the centre to a corner
    """

    cell: Strings
    lat: Floats
    lng: Floats
    radius_m: Floats

    def __len__(self) -> int:
        return len(self.cell)

    def locate(self, lat: Floats, lng: Floats) -> Ints:
        """int64[n]: the zone of each place, -1 outside all."""
        if not (len(self) and len(lat)):
            return np.full(len(lat), -1, dtype=np.int64)
        places = self._plane(lat, lng)
        workers = 2 if len(places) >= THREADS_PAY_FROM else 1
        reach = float(self.radius_m.max()) / METRES_PER_DEGREE
        _, nearest = self._tree().query(places, distance_upper_bound=reach, workers=workers)
        return np.where(nearest < len(self), nearest, -1)

    def neighbours(self) -> Ints:
        """int64[pairs, 2]: zones that share an edge, each pair once."""
        if not len(self):
            return np.zeros((0, 2), dtype=np.int64)
        # Neighbours' centres are √3 radii apart, those of the next ring 3.
        reach = 2.2 * float(self.radius_m.mean()) / METRES_PER_DEGREE
        return self._tree().query_pairs(reach, output_type="ndarray")

    def _tree(self) -> cKDTree:
        return cKDTree(self._plane(self.lat, self.lng), leafsize=12)

    def _plane(self, lat: Floats, lng: Floats) -> Floats:
        """Degrees of latitude both ways, around the middle of the region."""
        return np.column_stack((lat, lng * np.cos(np.radians(self.lat.mean()))))


_NONE = np.zeros(0)
NOWHERE = Zoning(np.zeros(0, dtype=np.str_), _NONE, _NONE, _NONE)
"""No zones: every place is outside."""


def cover(lat: Floats, lng: Floats, resolution: int = RESOLUTION) -> Zoning:
    """The zones of a region with stores at these places."""
    own = {h3.latlng_to_cell(*place, resolution) for place in zip(lat.tolist(), lng.tolist(), strict=True)}
    cells = sorted({cell for home in own for cell in h3.grid_disk(home, RINGS)})
    centres = np.array([h3.cell_to_latlng(cell) for cell in cells], dtype=np.float64).reshape(-1, 2)
    radius_m = _radius_m(cells[len(cells) // 2]) if cells else 0.0
    return Zoning(np.array(cells, dtype=np.str_), centres[:, 0], centres[:, 1], np.full(len(cells), radius_m))


def _radius_m(cell: str) -> float:
    """To the farthest corner. H3's cells differ in size around the globe, and hardly within a region."""
    centre = h3.cell_to_latlng(cell)
    return float(max(h3.great_circle_distance(centre, corner, unit="m") for corner in h3.cell_to_boundary(cell)))


def outline(cell: str) -> list[tuple[float, float]]:
    """The hexagon's corners, (lng, lat) in degrees, the first one again at the end, as GeoJSON wants a ring."""
    corners = [(lng, lat) for lat, lng in h3.cell_to_boundary(cell)]
    return [*corners, corners[0]]
