"""POST /internal/maintenance/shred_expired: destroy the keys of what no law asks to keep any longer."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, PUBLISHES
from shared.kernel.wire import View
from shared.privacy import shredding
from shared.storage.work import Work

BATCH = 200


class ShreddedView(View):
    keys: int


@endpoint("POST", "/internal/maintenance/shred_expired", roles=INTERNAL, uses=PUBLISHES, sizing=CHORE)
def shred_expired(work: Work) -> ShreddedView:
    return ShreddedView(keys=shredding.shred_due(work, BATCH))
