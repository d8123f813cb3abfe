"""What a merchant's stores sell."""

import json
from typing import Any

from shared.kernel.errors import NotFound
from shared.storage.connection import Row
from shared.storage.work import Work


def add(work: Work, merchant_id: str, store_id: str, fields: dict[str, Any]) -> Row:
    """A new product, or the store's one with this `external_id` brought to these values. Raises NotFound (store)."""
    row = {"product_id": work.new_id("prd"), "merchant_id": merchant_id, "store_id": store_id, **fields}
    rows = work.run(_ADD, merchant_id=merchant_id, store_id=store_id, row=json.dumps(row), now=work.now)
    if not rows:
        raise NotFound.of("store", store_id)
    return rows[0]


def change(work: Work, merchant_id: str, product_id: str, changes: dict[str, Any]) -> Row:
    """Raises NotFound."""
    rows = work.run(_CHANGE, merchant_id=merchant_id, product_id=product_id, changes=json.dumps(changes), now=work.now)
    if not rows:
        raise NotFound.of("product", product_id)
    return rows[0]


def listed(work: Work, merchant_id: str, store_id: str, after: str, limit: int) -> list[Row]:
    """In the order in which they were added, those after an id; of one store, or of all when `store_id` is empty."""
    return work.run(_LIST, merchant_id=merchant_id, store_id=store_id, after=after, limit=limit)


_FIELDS = """
    external_id, name, brand, description, category, price_minor, currency, tax_bps, weight_g, restricted,
    authorization_reference, attested, stock, active
"""

_ADD = f"""
    INSERT INTO products (product_id, merchant_id, store_id, {_FIELDS}, created_at, updated_at)
    SELECT product_id, merchant_id, store_id, {_FIELDS}, CAST(:now AS timestamptz), CAST(:now AS timestamptz)
    FROM jsonb_populate_record(NULL::products, CAST(:row AS jsonb))
    WHERE EXISTS (SELECT FROM stores s WHERE s.store_id = :store_id AND s.merchant_id = :merchant_id)
    ON CONFLICT (store_id, external_id) DO UPDATE SET updated_at = EXCLUDED.updated_at, ({_FIELDS}) = (
        SELECT {_FIELDS} FROM jsonb_populate_record(NULL::products, CAST(:row AS jsonb)))
    RETURNING *
"""

_CHANGE = f"""
    UPDATE products AS p SET updated_at = :now, ({_FIELDS}) = (
        SELECT {_FIELDS} FROM jsonb_populate_record(p, CAST(:changes AS jsonb)))
    WHERE product_id = :product_id AND merchant_id = :merchant_id RETURNING *
"""

_LIST = """
    SELECT * FROM products
    WHERE merchant_id = :merchant_id AND (:store_id = '' OR store_id = :store_id) AND product_id > :after
    ORDER BY product_id LIMIT :limit
"""
