"""POST /internal/maintenance/purge_expired: delete what is past its time and no law keeps."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE
from shared.kernel.wire import View
from shared.storage import retention
from shared.storage.work import Work


class PurgedView(View):
    """How many rows went, by table."""

    rows: dict[str, int]


@endpoint("POST", "/internal/maintenance/purge_expired", roles=INTERNAL, sizing=CHORE)
def purge_expired(work: Work) -> PurgedView:
    return PurgedView(rows=retention.purge(work))
