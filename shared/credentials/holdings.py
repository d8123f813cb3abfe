"""What a store and a driver hold, as the facts that gates decide on."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.compliance.credentials import Credential, Standing

PERMITS = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', c.permit_id, 'kind', c.kind, 'status', c.status, 'expires_on', c.expires_on, 'reference', c.number,
                'of_store', c.store_id IS NOT NULL)), '[]')
     FROM permits c WHERE c.merchant_id = s.merchant_id AND (c.store_id IS NULL OR c.store_id = s.store_id))
"""
"""Those of the store `s`, for a statement that reads it; `held` makes them facts."""

DOCUMENTS = """
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', c.document_id, 'kind', c.kind, 'status', c.status, 'expires_on', c.expires_on, 'reference', c.issuer,
                'attested', c.attested)), '[]')
     FROM driver_documents c WHERE c.driver_id = :driver_id)
"""
"""Those of the driver `:driver_id`."""


def held(rows: Iterable[dict[str, Any]]) -> tuple[Credential, ...]:
    """From what `PERMITS` or `DOCUMENTS` gave."""
    return tuple(
        Credential(
            id=row["id"],
            kind=row["kind"],
            status=Standing(row["status"]),
            expires_on=date.fromisoformat(row["expires_on"]) if row["expires_on"] else None,
            reference=row["reference"],
            of_store=row.get("of_store", False),
            attested=tuple(row.get("attested", ())),
        )
        for row in rows
    )
