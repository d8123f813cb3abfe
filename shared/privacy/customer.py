"""A customer, as whom privacy is about."""

from dataclasses import dataclass
from typing import ClassVar

from shared.delivery_sales import records
from shared.orders.states import TERMINAL
from shared.privacy.subject import check_orders_ended
from shared.storage.work import Work

BLUR_DECIMALS = 2
"""Of degrees, to which the places of ended orders are rounded: about a kilometre."""


@dataclass(frozen=True, slots=True)
class Customer:
    id: str

    erased: ClassVar[tuple[str, ...]] = ("profile", "addresses", "exact_places_of_orders")
    erased_in_any_case: ClassVar[tuple[str, ...]] = ("sign_in", "sessions", "prices")
    pseudonymous: ClassVar[tuple[str, ...]] = ("orders", "dossiers", "ledger")
    kept_as: ClassVar[str] = "delivery_sale_records"

    def leave(self, work: Work) -> None:
        """Prices go first: an order being placed at this moment holds its price locked, so it is either seen here or cannot be
        placed any more. Raises OrdersOpen."""
        work.run(_FORGET_PRICES, customer_id=self.id)
        ended = [status.value for status in TERMINAL]
        check_orders_ended([row["order_id"] for row in work.run(_OPEN_ORDERS, customer_id=self.id, ended=ended)])

    def unrecorded(self, work: Work) -> list[str]:
        return records.missed_of(work, self.id)

    def forget(self, work: Work) -> None:
        """Addresses, and exactly where orders went: their records, while they are kept, have the exact places."""
        work.run(_FORGET_ADDRESSES, customer_id=self.id)
        work.run(_BLUR, customer_id=self.id, decimals=BLUR_DECIMALS)


_FORGET_PRICES = "DELETE FROM prices WHERE customer_id = :customer_id"

_OPEN_ORDERS = """
    SELECT order_id FROM orders WHERE customer_id = :customer_id AND status <> ALL (CAST(:ended AS text[]))
    ORDER BY order_id LIMIT 20
"""

_FORGET_ADDRESSES = "DELETE FROM addresses WHERE customer_id = :customer_id"

_BLUR = """
    WITH blurred AS (
        UPDATE orders SET dropoff_lat = round(CAST(dropoff_lat AS numeric), :decimals),
            dropoff_lng = round(CAST(dropoff_lng AS numeric), :decimals), address_id = NULL
        WHERE customer_id = :customer_id RETURNING order_id, dropoff_lat, dropoff_lng
    )
    UPDATE tasks t SET
        dropoff_lat = CASE WHEN t.kind = 'delivery' THEN b.dropoff_lat ELSE t.dropoff_lat END,
        dropoff_lng = CASE WHEN t.kind = 'delivery' THEN b.dropoff_lng ELSE t.dropoff_lng END,
        pickup_lat = CASE WHEN t.kind = 'return' THEN b.dropoff_lat ELSE t.pickup_lat END,
        pickup_lng = CASE WHEN t.kind = 'return' THEN b.dropoff_lng ELSE t.pickup_lng END
    FROM blurred b WHERE t.order_id = b.order_id
"""
