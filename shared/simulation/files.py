"""The files of the Meal Delivery Routing Problem's public instances (Reyes et al., 2018), and where on Earth they are put."""

import math
from dataclasses import dataclass
from pathlib import Path

from shared.kernel.positions import EARTH_RADIUS_M, Position

CENTRE = Position(32.7767, -96.7970)
"""Dallas."""


class UnreadableInstance(ValueError):
    """A file of an instance is not as its format says."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Metres on a plane to degrees around a centre (equirectangular; within 0.1 % over a city)."""

    middle_x: float
    middle_y: float
    centre: Position = CENTRE

    @classmethod
    def around(cls, points: list[tuple[float, float]]) -> "Projection":
        """Puts the middle of the points' bounding box at the centre."""
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return cls((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)

    def position(self, x: float, y: float) -> Position:
        lat = self.centre.lat + math.degrees((y - self.middle_y) / EARTH_RADIUS_M)
        shrink = math.cos(math.radians(self.centre.lat))
        return Position(lat, self.centre.lng + math.degrees((x - self.middle_x) / (EARTH_RADIUS_M * shrink)))


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated file with a header line. Raises UnreadableInstance."""
    head, *rows = (line.split("\t") for line in file.read_text().splitlines() if line.strip())
    for row in rows:
        if len(row) != len(head):
            raise UnreadableInstance(f"{file}: a row has {len(row)} columns, its header {len(head)}")
    return [dict(zip((name.strip() for name in head), row, strict=True)) for row in rows]
