"""The record of a delivery sale: who bought what, and who brought it (15 USC 376a(c), 376(a)(2); Tex. HSC 161.456).

Who they are is in the vault. The dossier says that the record exists: its random id, a salted commitment to its content and
the hash of the ciphertext; when the record is destroyed, the chain says so and still verifies.
"""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.delivery_sales.rules import ORDER_LASTS
from shared.kernel.clock import rfc3339
from shared.kernel.ids import first_id
from shared.kernel.roles import PLATFORM
from shared.ledger.accounts import driver
from shared.orders import rules
from shared.orders import service as orders
from shared.orders.service import Order
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption
from shared.vault.retention import retain_until


def record(work: Work, order_id: str, keys: KeyEncryption) -> bool:
    """Seal and store the record of a delivered order of restricted goods, once. False when there is nothing to record.

    Raises NotFound, CannotOpen, Unavailable.
    """
    order = orders.load(work, order_id)
    if not order.row["restricted"] or order.row["delivered_at"] is None:
        return False
    facts = work.run(_FACTS, order_id=order_id)
    if facts[0]["recorded"]:
        return False
    sold_on = order.row["delivered_at"].astimezone(ZoneInfo(facts[0]["timezone"])).date()
    people = {row["part"]: vault.opened(row, keys).content for row in facts if row["part"] is not None}
    key = vault.sales_key(work, order.row["customer_id"], retain_until(sold_on), keys)
    goods = work.run(_GOODS, order_id=order_id)
    entry = vault.new_entry(work, key, "sale", _content(order, people, goods))
    _store(work, order, entry, goods, sold_on)
    return True


def missed(work: Work, since: datetime, limit: int) -> list[str]:
    """Orders delivered since then that have no record."""
    rows = work.run(_MISSED, since=since, first_id=first_id("ord", since - ORDER_LASTS), limit=limit)
    return [row["order_id"] for row in rows]


def missed_of(work: Work, customer_id: str) -> list[str]:
    """All delivered orders of a customer that have no record."""
    return [row["order_id"] for row in work.run(_MISSED_OF_CUSTOMER, customer_id=customer_id)]


def missed_by(work: Work, driver_id: str) -> list[str]:
    """All orders that a driver delivered and that have no record. The ledger has them by whom they were paid to."""
    return [row["order_id"] for row in work.run(_MISSED_BY_DRIVER, driver_id=driver_id, account=driver(driver_id))]


def _content(order: Order, people: dict[str, Row], goods: list[Row]) -> dict[str, Any]:
    row, purchaser, deliverer = order.row, people["purchaser"], people["deliverer"]
    return {
        "order_id": order.id,
        "sold_at": rfc3339(row["delivered_at"]),
        "merchant_id": row["merchant_id"],
        "store_id": row["store_id"],
        "purchaser": {
            "name": purchaser["name"],
            "address": people["address"]["line"] if "address" in people else None,
            "position": {"lat": row["dropoff_lat"], "lng": row["dropoff_lng"]},
            "phone": purchaser["phone"],
            "email": purchaser["email"],
        },
        "deliverer": {"driver_id": row["driver_id"], "name": deliverer["name"], "phone": deliverer["phone"]},
        "goods": goods,
    }


def _store(work: Work, order: Order, entry: vault.Entry, goods: list[Row], sold_on: date) -> None:
    proof = {"commitment": entry.sealed.commitment, "ciphertext_sha256": entry.sealed.ciphertext_sha256}
    data = {"evidence_id": entry.entry_id, "retain_until": retain_until(sold_on).isoformat(), **proof}
    orders.apply(work, order, rules.note(order.facts, "sale_recorded", data), PLATFORM)
    whose = {name: order.row[name] for name in ("merchant_id", "jurisdiction", "customer_id", "driver_id")}
    work.run(
        _RECORD,
        order_id=order.id,
        sold_on=sold_on,
        goods=json.dumps(goods),
        now=work.now,
        **whose,
        **proof,
        **entry.parameters,
    )


# A row for each person that the record names, with whatever the vault holds of it; one row of nulls when it holds nothing.
_FACTS = f"""
    SELECT r.timezone, EXISTS (SELECT 1 FROM delivery_sales s WHERE s.order_id = o.order_id) AS recorded, p.*
    FROM orders o JOIN regions r USING (region_id) LEFT JOIN LATERAL (
        SELECT named.part, {vault.COLUMNS}
        FROM (
            SELECT 'purchaser' AS part, profile_id AS entry_id FROM accounts WHERE tenant_id = o.customer_id
            UNION ALL
            SELECT 'deliverer', profile_id FROM accounts WHERE tenant_id = o.driver_id
            UNION ALL
            SELECT 'address', entry_id FROM addresses WHERE address_id = o.address_id
        ) AS named JOIN vault_entries e USING (entry_id) JOIN vault_keys k USING (key_id)
    ) AS p ON true
    WHERE o.order_id = :order_id
"""

# What was sold, by the brand that the product has now; its name where the store has not said.
_GOODS = """
    SELECT i.product_id, coalesce(p.brand, i.name) AS brand, i.name, i.quantity,
           i.quantity * i.unit_price_minor AS amount_minor
    FROM orders o
        CROSS JOIN LATERAL jsonb_to_recordset(o.items)
            AS i(product_id text, name text, quantity integer, unit_price_minor bigint, restricted boolean)
        LEFT JOIN products p USING (product_id)
    WHERE o.order_id = :order_id AND i.restricted ORDER BY i.product_id
"""

_RECORD = f"""
    WITH sealed AS ({vault.ADD_ENTRY})
    INSERT INTO delivery_sales (order_id, merchant_id, jurisdiction, customer_id, driver_id, sold_on, goods, key_id, entry_id,
        commitment, ciphertext_sha256, recorded_at)
    VALUES (:order_id, :merchant_id, :jurisdiction, :customer_id, :driver_id, :sold_on, :goods, :key_id, :entry_id,
        :commitment, :ciphertext_sha256, :now)
"""

_MISSED = """
    SELECT o.order_id FROM orders o
    WHERE o.restricted AND o.delivered_at > :since AND o.order_id > :first_id
        AND NOT EXISTS (SELECT 1 FROM delivery_sales s WHERE s.order_id = o.order_id)
    ORDER BY o.order_id LIMIT :limit
"""

_MISSED_OF_CUSTOMER = """
    SELECT o.order_id FROM orders o
    WHERE o.customer_id = :customer_id AND o.restricted AND o.delivered_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM delivery_sales s WHERE s.order_id = o.order_id)
    ORDER BY o.order_id
"""

_MISSED_BY_DRIVER = """
    SELECT DISTINCT o.order_id
    FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id) JOIN orders o USING (order_id)
    WHERE e.account = :account AND t.kind = 'driver_pay'
        AND o.driver_id = :driver_id AND o.restricted AND o.delivered_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM delivery_sales s WHERE s.order_id = o.order_id)
    ORDER BY o.order_id
"""
