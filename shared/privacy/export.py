"""Everything that is stored about somebody, for that person: the right of access."""

from dataclasses import dataclass
from datetime import datetime

from shared.credentials import permits
from shared.customers import service as customers
from shared.customers.service import Address
from shared.ledger import accounts
from shared.merchants import stores
from shared.privacy import erasure
from shared.privacy.customer import Customer
from shared.privacy.driver import Driver
from shared.privacy.merchant import Merchant
from shared.privacy.subject import Kept
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.envelope import Opened
from shared.vault.protocol import KeyEncryption


@dataclass(frozen=True, slots=True)
class Profile:
    """Who signs in, opened from the vault."""

    name: str
    email: str
    phone: str
    registered_at: datetime


@dataclass(frozen=True, slots=True)
class SaleRecord:
    """The record of a delivery sale, opened: its salt shows that it is what the dossier of its order committed to."""

    order_id: str
    evidence_id: str
    commitment: str
    opened: Opened


@dataclass(frozen=True, slots=True)
class CustomerExport:
    profile: Profile
    addresses: list[Address]
    orders: list[Row]
    age_checks: list[Row]
    sales: list[SaleRecord]
    kept: list[Kept]


@dataclass(frozen=True, slots=True)
class DriverExport:
    """`driver` and `position` are None before there is a profile, or a report of a place."""

    profile: Profile
    driver: Row | None
    position: Row | None
    documents: list[Row]
    offers: list[Row]
    doorstep_checks: list[Row]
    hints: list[Row]
    postings: list[Row]
    payouts: list[Row]
    kept: list[Kept]


@dataclass(frozen=True, slots=True)
class MerchantExport:
    """`merchant` is None before there was an application."""

    profile: Profile
    merchant: Row | None
    stores: list[Row]
    products: list[Row]
    permits: list[Row]
    payouts: list[Row]
    kept: list[Kept]


def of_customer(work: Work, customer_id: str, account_id: str, keys: KeyEncryption) -> CustomerExport:
    """Raises CannotOpen, Unavailable."""
    return CustomerExport(
        profile=_profile(work, account_id, keys),
        addresses=customers.addresses(work, customer_id, "", None, keys),
        orders=work.run(_ORDERS, customer_id=customer_id),
        age_checks=work.run(_AGE_CHECKS, customer_id=customer_id),
        sales=[
            SaleRecord(row["order_id"], row["entry_id"], row["commitment"], vault.opened(row, keys))
            for row in work.run(_SALES, customer_id=customer_id)
        ],
        kept=erasure.kept(work, Customer(customer_id)),
    )


def of_driver(work: Work, driver_id: str, account_id: str, keys: KeyEncryption) -> DriverExport:
    """What dispatch, the door and the ledger know of a driver. Not which orders were decoys. Raises CannotOpen, Unavailable."""
    payee = accounts.driver(driver_id)
    return DriverExport(
        profile=_profile(work, account_id, keys),
        driver=work.one(_DRIVER, driver_id=driver_id),
        position=work.one(_POSITION, driver_id=driver_id),
        documents=work.run(_DOCUMENTS, driver_id=driver_id),
        offers=work.run(_OFFERS, driver_id=driver_id),
        doorstep_checks=work.run(_DOORSTEP_CHECKS, driver_id=driver_id),
        hints=work.run(_HINTS, driver_id=driver_id),
        postings=work.run(_POSTINGS, account=payee),
        payouts=work.run(_PAYOUTS, payee=payee),
        kept=erasure.kept(work, Driver(driver_id)),
    )


def of_merchant(work: Work, merchant_id: str, account_id: str, keys: KeyEncryption) -> MerchantExport:
    """Its orders are its own to read, page by page, and are not repeated. Raises CannotOpen, Unavailable."""
    return MerchantExport(
        profile=_profile(work, account_id, keys),
        merchant=work.one(_MERCHANT, merchant_id=merchant_id),
        stores=stores.listed(work, merchant_id, "", None),
        products=work.run(_PRODUCTS, merchant_id=merchant_id),
        permits=permits.listed(work, merchant_id, "", None),
        payouts=work.run(_PAYOUTS, payee=accounts.merchant(merchant_id)),
        kept=erasure.kept(work, Merchant(merchant_id)),
    )


def _profile(work: Work, account_id: str, keys: KeyEncryption) -> Profile:
    account = work.run(_ACCOUNT, account_id=account_id)[0]
    return Profile(**vault.opened(account, keys).content, registered_at=account["created_at"])


_ACCOUNT = f"""
    SELECT a.created_at, {vault.COLUMNS}
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
_DRIVER = "SELECT * FROM drivers WHERE driver_id = :driver_id"
_POSITION = "SELECT lat, lng, heading, at FROM driver_positions WHERE driver_id = :driver_id"
_DOCUMENTS = "SELECT * FROM driver_documents WHERE driver_id = :driver_id ORDER BY document_id"
_OFFERS = """
    SELECT offer_id AS id, order_id, task_id, status, payout_minor, reason, offered_at, expires_at, ended_at
    FROM offers WHERE driver_id = :driver_id ORDER BY offer_id
"""
_DOORSTEP_CHECKS = """
    SELECT check_id AS id, order_id, method, passed, document_read, at_door_s, distance_m, at
    FROM doorstep_checks WHERE driver_id = :driver_id ORDER BY check_id
"""
_HINTS = """
    SELECT hint_id AS id, from_cell, to_cell, travel_s, reason, at, expires_at, arrived
    FROM reposition_hints WHERE driver_id = :driver_id ORDER BY at
"""
_POSTINGS = """
    SELECT t.kind, t.order_id, -e.amount_minor AS amount_minor, t.currency, t.at
    FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id)
    WHERE e.account = :account ORDER BY e.transaction_id
"""
_MERCHANT = "SELECT * FROM merchants WHERE merchant_id = :merchant_id"
_PRODUCTS = "SELECT * FROM products WHERE merchant_id = :merchant_id ORDER BY product_id"
_PAYOUTS = """
    SELECT payout_id AS id, day, amount_minor, currency FROM payouts WHERE payee = :payee ORDER BY payout_id
"""
