"""A merchant's stores."""

import json
from typing import Any

from shared.kernel.errors import NotFound
from shared.kernel.positions import Position
from shared.merchants import rules
from shared.storage.connection import Row
from shared.storage.work import Work


def add(work: Work, merchant_id: str, fields: dict[str, Any]) -> Row:
    """A new store, or the one with this `external_id` brought to these values. Raises NotFound (merchant), BadInput."""
    _check_place(work, merchant_id, fields)
    row = {"store_id": work.new_id("sto"), "merchant_id": merchant_id, **fields}
    return work.run(_ADD, row=json.dumps(row), now=work.now)[0]


def change(work: Work, merchant_id: str, store_id: str, changes: dict[str, Any]) -> Row:
    """Raises NotFound, BadInput."""
    row = work.one(_LOAD, merchant_id=merchant_id, store_id=store_id)
    if row is None:
        raise NotFound.of("store", store_id)
    _check_place(work, merchant_id, row | changes)
    return work.run(_CHANGE, store_id=store_id, changes=json.dumps(changes), now=work.now)[0]


def listed(work: Work, merchant_id: str, after: str, limit: int | None) -> list[Row]:
    """In the order in which they were opened, those after an id; all when `limit` is None."""
    return work.run(_LIST, merchant_id=merchant_id, after=after, limit=limit)


def _check_place(work: Work, merchant_id: str, store: dict[str, Any]) -> None:
    found = work.one(_CENTRE, merchant_id=merchant_id, region_id=store["region_id"])
    if found is None:
        raise NotFound.of("merchant", merchant_id)
    centre = None if found["lat"] is None else Position(found["lat"], found["lng"])
    rules.check_place(Position(store["lat"], store["lng"]), centre, store["jurisdiction"])


_CENTRE = """
    SELECT r.lat, r.lng FROM merchants m LEFT JOIN regions r ON r.region_id = :region_id
    WHERE m.merchant_id = :merchant_id
"""

_FIELDS = """
    region_id, external_id, name, address, lat, lng, jurisdiction, hours, open, prep_minutes, radius_m
"""

_ADD = f"""
    INSERT INTO stores (store_id, merchant_id, {_FIELDS}, created_at, updated_at)
    SELECT store_id, merchant_id, {_FIELDS}, CAST(:now AS timestamptz), CAST(:now AS timestamptz)
    FROM jsonb_populate_record(NULL::stores, CAST(:row AS jsonb))
    ON CONFLICT (merchant_id, external_id) DO UPDATE SET updated_at = EXCLUDED.updated_at, ({_FIELDS}) = (
        SELECT {_FIELDS} FROM jsonb_populate_record(NULL::stores, CAST(:row AS jsonb)))
    RETURNING *
"""

_LOAD = "SELECT * FROM stores WHERE merchant_id = :merchant_id AND store_id = :store_id FOR UPDATE"

_CHANGE = f"""
    UPDATE stores AS s SET updated_at = :now, ({_FIELDS}) = (
        SELECT {_FIELDS} FROM jsonb_populate_record(s, CAST(:changes AS jsonb)))
    WHERE store_id = :store_id RETURNING *
"""

_LIST = """
    SELECT * FROM stores WHERE merchant_id = :merchant_id AND store_id > :after ORDER BY store_id LIMIT :limit
"""
