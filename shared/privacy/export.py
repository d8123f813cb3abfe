"""Everything that is stored about a customer, for the customer: the right of access."""

from dataclasses import dataclass

from shared.customers import service as customers
from shared.customers.service import Address
from shared.privacy import erasure
from shared.privacy.erasure import Kept
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.envelope import Opened
from shared.vault.protocol import KeyEncryption


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """The record of a delivery sale, opened: its salt shows that it is what the dossier of its order committed to."""

    order_id: str
    evidence_id: str
    commitment: str
    opened: Opened


@dataclass(frozen=True, slots=True)
class Export:
    account: Row
    profile: Row
    addresses: list[Address]
    orders: list[Row]
    age_checks: list[Row]
    sales: list[SaleRecord]
    kept: list[Kept]


def export(work: Work, customer_id: str, account_id: str, keys: KeyEncryption) -> Export:
    """Raises CannotOpen, Unavailable."""
    account = work.run(_ACCOUNT, account_id=account_id)[0]
    return Export(
        account=account,
        profile=vault.opened(account, keys).content,
        addresses=customers.addresses(work, customer_id, "", None, keys),
        orders=work.run(_ORDERS, customer_id=customer_id),
        age_checks=work.run(_AGE_CHECKS, customer_id=customer_id),
        sales=[
            SaleRecord(row["order_id"], row["entry_id"], row["commitment"], vault.opened(row, keys))
            for row in work.run(_SALES, customer_id=customer_id)
        ],
        kept=erasure.kept(work, customer_id),
    )


_ACCOUNT = f"""
    SELECT a.email, a.created_at, {vault.COLUMNS}
    FROM accounts a JOIN vault_entries e ON e.entry_id = a.profile_id JOIN vault_keys k USING (key_id)
    WHERE a.account_id = :account_id
"""
_ORDERS = "SELECT * FROM orders WHERE customer_id = :customer_id ORDER BY order_id"
_AGE_CHECKS = """
    SELECT c.check_id, c.order_id, c.status, c.created_at
    FROM age_checks c JOIN orders o USING (order_id) WHERE o.customer_id = :customer_id ORDER BY c.check_id
"""
_SALES = f"""
    SELECT s.order_id, s.commitment, {vault.COLUMNS}
    FROM delivery_sales s JOIN vault_entries e USING (entry_id) JOIN vault_keys k ON k.key_id = e.key_id
    WHERE s.customer_id = :customer_id ORDER BY s.order_id
"""
