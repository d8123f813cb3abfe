"""POST /internal/maintenance/sign_checkpoint: let the transparency log grow, sign its head, show it to witnesses, archive it."""

from shared.dossier import log, publication
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import CHORE, READS, Resource
from shared.kernel.wire import View
from shared.storage.work import Work
from shared.wiring.evidence import archive, signers, witnesses


class SignedView(View):
    appended: int
    signed: bool
    cosigned: int
    archived: int


@endpoint(
    "POST",
    "/internal/maintenance/sign_checkpoint",
    roles=INTERNAL,
    uses=READS | {Resource.ARCHIVE, Resource.LOG_KEYS},
    sizing=CHORE,
)
def sign_checkpoint(work: Work) -> SignedView:
    appended = log.grow(work)
    signed = log.sign_head(work, signers()) is not None
    work.checkpoint()
    published = publication.publish(work, archive(), witnesses())
    return SignedView(appended=appended, signed=signed, cosigned=published.cosigned, archived=published.archived)
