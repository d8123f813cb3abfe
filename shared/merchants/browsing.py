"""What shoppers look at: stores around a place, and what one of them has. Only merchants that were approved are seen."""

import math
from dataclasses import dataclass
from datetime import datetime

from shared.credentials.holdings import PERMITS
from shared.kernel.errors import NotFound
from shared.kernel.positions import EARTH_RADIUS_M, Position
from shared.merchants import rules
from shared.merchants.catalog import ProductFacts, StoreFacts
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Nearby:
    """A store that delivers to a place, `distance_m` crow-fly metres away, and whether it takes orders now."""

    store: StoreFacts
    distance_m: float
    open: bool

    @property
    def key(self) -> str:
        """Sorts by distance: fixed width, so that text order is the order of numbers."""
        return f"{round(self.distance_m * 1_000):012d}-{self.store.store_id}"


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees that enclose a circle on Earth, and a little more."""

    south: float
    north: float
    west: float
    east: float


def near(
    work: Work, place: Position, radius_m: int, *, category: str = "", words: str = "", open_now: bool = False
) -> list[Nearby]:
    """The stores within `radius_m` that deliver to `place`, nearest first.

    `category` is that of a product they sell; `words` occur in their name or in a product's.
    """
    box = around(place, radius_m)
    rows = work.run(
        _AROUND,
        south=box.south,
        north=box.north,
        west=box.west,
        east=box.east,
        category=category,
        words=words,
    )
    found = [nearby(StoreFacts.of(row), place, work.now) for row in rows]
    within = [item for item in found if item.distance_m <= min(radius_m, item.store.radius_m)]
    return sorted((item for item in within if item.open or not open_now), key=lambda item: item.key)


def nearby(store: StoreFacts, place: Position, now: datetime) -> Nearby:
    return Nearby(store, store.position.distance_m(place), rules.accepts_orders(store, now))


def store(work: Work, store_id: str) -> StoreFacts:
    """Raises NotFound."""
    row = work.one(_STORE, store_id=store_id)
    if row is None:
        raise NotFound.of("store", store_id)
    return StoreFacts.of(row)


def products(work: Work, store_id: str) -> list[ProductFacts]:
    """What is on sale, by category and name."""
    return [ProductFacts.of(row) for row in work.run(_PRODUCTS, store_id=store_id)]


def around(place: Position, radius_m: float) -> Box:
    """The bounding box of a circle; all longitudes where it touches a pole or the antimeridian."""
    half_lat = math.degrees(radius_m / EARTH_RADIUS_M)
    south, north = place.lat - half_lat, place.lat + half_lat
    if south <= -90 or north >= 90:
        return Box(max(south, -90.0), min(north, 90.0), -180.0, 180.0)
    half_lng = math.degrees(math.asin(math.sin(radius_m / EARTH_RADIUS_M) / math.cos(math.radians(place.lat))))
    west, east = place.lng - half_lng, place.lng + half_lng
    if west < -180 or east > 180:
        return Box(south, north, -180.0, 180.0)
    return Box(south, north, west, east)


STORES = f"""
    SELECT s.store_id, s.merchant_id, m.status AS merchant_status, s.region_id, r.timezone, s.name, s.address,
           s.lat, s.lng, s.jurisdiction, s.hours, s.open, s.prep_minutes, s.radius_m, s.rating,
           {PERMITS} AS permits
    FROM stores s JOIN merchants m USING (merchant_id) JOIN regions r USING (region_id)
    WHERE m.status = 'approved'
"""

_AROUND = f"""
    {STORES}
        AND s.lat BETWEEN :south AND :north AND s.lng BETWEEN :west AND :east
        AND (:category = '' OR EXISTS (
            SELECT FROM products p WHERE p.store_id = s.store_id AND p.active AND p.category = :category))
        AND (:words = '' OR strpos(lower(s.name), lower(:words)) > 0 OR EXISTS (
            SELECT FROM products p
            WHERE p.store_id = s.store_id AND p.active AND strpos(lower(p.name), lower(:words)) > 0))
"""

_STORE = f"{STORES} AND s.store_id = :store_id"

_PRODUCTS = "SELECT * FROM products WHERE store_id = :store_id AND active ORDER BY category, name, product_id"
