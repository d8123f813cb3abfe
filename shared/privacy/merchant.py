"""A merchant, as whom privacy is about: the person of the account, and the business that was the seller."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared.ledger import accounts
from shared.orders.states import TERMINAL
from shared.privacy.subject import check_orders_ended, check_settled
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Merchant:
    id: str

    erased: ClassVar[tuple[str, ...]] = ("profile", "payment_account", "business_as_seller")
    erased_in_any_case: ClassVar[tuple[str, ...]] = ("sign_in", "sessions")
    pseudonymous: ClassVar[tuple[str, ...]] = ("orders", "dossiers", "products", "ledger", "payouts")
    kept_as: ClassVar[str] = "business_as_seller"

    def leave(self, work: Work) -> None:
        """Products go off the shelf first: an order being placed at this moment holds them locked, so it is either seen here or
        finds nothing to buy. Raises OrdersOpen, BalanceOpen."""
        work.run(_CLOSE_SHOP, merchant_id=self.id, now=work.now)
        ended = [status.value for status in TERMINAL]
        check_orders_ended([row["order_id"] for row in work.run(_OPEN_ORDERS, merchant_id=self.id, ended=ended)])
        check_settled(work, accounts.merchant(self.id))

    def unrecorded(self, work: Work) -> list[str]:
        """None: the records name the business, which outlasts them."""
        return []

    def forget(self, work: Work) -> None:
        work.run(_FORGET_ACCOUNT, merchant_id=self.id)
        forget_businesses(work, [self.id])


def forget_businesses(work: Work, merchant_ids: Sequence[str]) -> None:
    """Forget names, places of business and permits of those of them that have left, once no record of their sales is kept and no
    hold is open: until then reports name them as the seller."""
    work.run(_FORGET_BUSINESSES, merchant_ids=list(merchant_ids))


_CLOSE_SHOP = """
    WITH off_the_shelf AS (
        UPDATE products SET active = false, updated_at = :now WHERE merchant_id = :merchant_id AND active
    ), shut AS (
        UPDATE stores SET open = false, updated_at = :now WHERE merchant_id = :merchant_id AND open
    )
    UPDATE merchants SET status = 'closed', updated_at = :now WHERE merchant_id = :merchant_id
"""

_OPEN_ORDERS = """
    SELECT order_id FROM orders WHERE merchant_id = :merchant_id AND status <> ALL (CAST(:ended AS text[]))
    ORDER BY order_id LIMIT 20
"""

_FORGET_ACCOUNT = """
    UPDATE merchants SET payment_account = NULL, card_terminal = false, external_id = NULL, review_reason = NULL
    WHERE merchant_id = :merchant_id
"""

_FORGET_BUSINESSES = """
    WITH gone AS (
        UPDATE merchants m SET name = ''
        WHERE m.merchant_id = ANY(CAST(:merchant_ids AS text[])) AND m.status = 'closed' AND m.name <> ''
            AND NOT EXISTS (SELECT FROM delivery_sales s JOIN vault_keys k USING (key_id)
                            WHERE s.merchant_id = m.merchant_id AND k.wrapped IS NOT NULL)
            AND NOT EXISTS (SELECT FROM legal_holds h WHERE h.subject_id = m.merchant_id AND h.lifted_at IS NULL)
        RETURNING merchant_id
    ), permits_gone AS (
        DELETE FROM permits p USING gone WHERE p.merchant_id = gone.merchant_id
    ), places_gone AS (
        UPDATE stores s SET name = '', address = '', external_id = NULL FROM gone WHERE s.merchant_id = gone.merchant_id
    )
    UPDATE orders o SET store_name = '' FROM gone WHERE o.merchant_id = gone.merchant_id
"""
