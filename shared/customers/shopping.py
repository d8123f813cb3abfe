"""What a shopper may expect of a store nearby."""

from shared.merchants.browsing import Nearby
from shared.orders.pricing import DISPATCH_ALLOWANCE_S
from shared.routing.geo import travel_time_s


def eta_s(item: Nearby) -> int:
    """From the order to the door, seconds, at the store's usual preparation time: the middle of a promised window."""
    return round(item.store.prep_minutes * 60 + DISPATCH_ALLOWANCE_S + travel_time_s(item.distance_m))
