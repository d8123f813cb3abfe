"""POST /webhooks/onfido: Onfido tells that an age check has ended; the signature is checked, the check fetched and applied once."""

from collections.abc import Mapping

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.storage.work import Work
from shared.verification import announcement
from shared.wiring.verification import onfido


@endpoint("POST", "/webhooks/onfido", roles=PUBLIC, uses=PUBLISHES | {Resource.VERIFICATION})
def receive_onfido_event(body: bytes, headers: Mapping[str, str], work: Work) -> None:
    vendor = onfido()
    run_id = vendor.announced(body, headers.get("X-SHA2-Signature"))
    if run_id is not None:
        announcement.take(work, vendor.provider, body, run_id, vendor.fetch)
