"""The router of last resort: great circles, and a power law for the time that roads take along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shared.kernel.positions import EARTH_RADIUS_M
from shared.routing.geo import CITY, PowerLaw
from shared.routing.protocol import Answer, Floats, Ints, Route, Step

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


@dataclass(frozen=True, slots=True)
class HaversineRouter:
    """Needs no map and never fails. `law` turns crow-fly metres into road seconds."""

    law: PowerLaw = CITY

    @property
    def name(self) -> str:
        return "haversine"

    def times(self, origins: Floats, destinations: Floats) -> Floats:
        return self._seconds(distances_m(origins[:, None, :], destinations[None, :, :]))

    def edge_times(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Floats:
        apart = np.take(unit_vectors(origins), origin, axis=0) - np.take(
            unit_vectors(destinations), destination, axis=0
        )
        half_chord = 0.5 * np.sqrt(np.einsum("ij,ij->i", apart, apart))
        return self._seconds(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(half_chord, 1.0)))

    def answer(self, origins: Floats, destinations: Floats, origin: Ints, destination: Ints) -> Answer:
        return Answer(self.edge_times(origins, destinations, origin, destination), self.name)

    def route(self, points: Floats) -> Route:
        if len(points) < 2:
            raise ValueError("a route needs at least two points")
        metres = distances_m(points[:-1], points[1:])
        seconds = self._seconds(metres)
        geometry = [(float(lat), float(lng)) for lat, lng in points]
        return Route(
            geometry=geometry,
            distance_m=float(metres.sum()),
            duration_s=float(seconds.sum()),
            steps=[
                Step(f"Head {heading(start, end)}", start, float(m), float(s))
                for start, end, m, s in zip(geometry, geometry[1:], metres, seconds, strict=False)
            ],
        )

    def _seconds(self, metres: Floats) -> Floats:
        seconds: Floats = self.law.a * metres**self.law.b
        return seconds


def distances_m(origins: Floats, destinations: Floats) -> Floats:
    """Great-circle metres between points [..., 2] in degrees, broadcast over the leading axes (haversine)."""
    phi, theta = np.radians(origins[..., 0]), np.radians(origins[..., 1])
    phi_to, theta_to = np.radians(destinations[..., 0]), np.radians(destinations[..., 1])
    half_lat, half_lng = np.sin((phi_to - phi) / 2), np.sin((theta_to - theta) / 2)
    a = half_lat * half_lat + np.cos(phi) * np.cos(phi_to) * half_lng * half_lng
    metres: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(a, 1.0)))
    return metres


def unit_vectors(points: Floats) -> Floats:
    """float64[n, 3]: points [n, 2] in degrees on the unit sphere."""
    phi, theta = np.radians(points[:, 0]), np.radians(points[:, 1])
    across = np.cos(phi)
    return np.stack((across * np.cos(theta), across * np.sin(theta), np.sin(phi)), axis=1)


def heading(start: tuple[float, float], end: tuple[float, float]) -> str:
    """The compass word for the way from one (lat, lng) to another nearby."""
    north = end[0] - start[0]
    east = (end[1] - start[1]) * np.cos(np.radians(start[0]))
    return COMPASS[round(np.degrees(np.arctan2(east, north)) / 45.0) % 8]


def fit(metres: Floats, seconds: Floats) -> PowerLaw:
    """The power law nearest to measured road times, by least squares of the logarithms; b is held to 1.

    `metres`, `seconds`: float64[n], positive, of at least two different distances. Raises ValueError otherwise.
    """
    if len(metres) != len(seconds) or np.unique(metres).size < 2 or metres.min() <= 0 or seconds.min() <= 0:
        raise ValueError("a fit needs positive times for at least two different distances")
    b, _ = np.polyfit(np.log(metres), np.log(seconds), 1)
    b = min(float(b), 1.0)
    return PowerLaw(a=float(np.exp(np.mean(np.log(seconds) - b * np.log(metres)))), b=b)
