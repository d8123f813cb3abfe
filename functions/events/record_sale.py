"""POST /internal/events/record_sale: restricted goods were handed over: keep the record that the law asks for."""

from shared.delivery_sales import records
from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.wire import View
from shared.messaging.push import Push
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


class RecordedView(View):
    recorded: bool


@endpoint("POST", "/internal/events/record_sale", roles=INTERNAL, uses=PUBLISHES | {Resource.VAULT})
def record_sale(command: Push, work: Work) -> RecordedView:
    """Needs no inbox: an order has one record, so a repeated message adds nothing."""
    return RecordedView(recorded=records.record(work, command.message.body()["order_id"], key_encryption()))
