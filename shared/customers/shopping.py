"""What a shopper may expect of a store nearby."""

from shared.merchants.browsing import Nearby
from shared.orders import eta


def eta_s(item: Nearby) -> int:
    """From the order to the door, seconds, at the store's usual preparation time: the middle of a promised window."""
    return round(eta.at_order(item.store.prep_minutes * 60, item.distance_m, 0.0, None).rule_s)
