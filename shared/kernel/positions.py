"""A place on Earth, and how far apart two of them are."""

import math
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius R1 of the IUGG, metres."""


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 degrees. Raises ValueError outside ±90, ±180 or when not finite."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.lat) and -90.0 <= self.lat <= 90.0):
            raise ValueError("lat must be a number from -90 to 90")
        if not (math.isfinite(self.lng) and -180.0 <= self.lng <= 180.0):
            raise ValueError("lng must be a number from -180 to 180")

    def distance_m(self, other: "Position") -> float:
        """Great-circle distance in metres (haversine)."""
        phi, phi_other = math.radians(self.lat), math.radians(other.lat)
        half_lat = math.sin((phi_other - phi) / 2)
        half_lng = math.sin(math.radians(other.lng - self.lng) / 2)
        a = half_lat * half_lat + math.cos(phi) * math.cos(phi_other) * half_lng * half_lng
        return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(a)))
