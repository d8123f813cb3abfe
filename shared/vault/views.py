"""Legal holds as operators see them."""

from datetime import datetime

from shared.kernel.wire import View
from shared.storage.connection import Row


class LegalHoldView(View):
    id: str
    subject_id: str
    reason: str
    placed_by: str
    placed_at: datetime
    lifted_by: str | None
    lifted_at: datetime | None


class LegalHoldsView(View):
    items: list[LegalHoldView]


def legal_hold(row: Row) -> LegalHoldView:
    named = {name: row[name] for name in LegalHoldView.model_fields if name in row}
    return LegalHoldView(id=row["hold_id"], **named)
