"""POST /webhooks/stripe: Stripe says that something happened to a payment; what, is fetched and applied once."""

from collections.abc import Mapping

from shared.http.declaration import PUBLIC
from shared.http.endpoint import endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.wire import View
from shared.payments import deliveries
from shared.storage.work import Work
from shared.wiring.payments import processor, stripe_processor


class ReceivedView(View):
    """`new` is false for an event that was received before."""

    new: bool


@endpoint("POST", "/webhooks/stripe", roles=PUBLIC, uses=PUBLISHES | {Resource.PAYMENTS})
def receive_stripe(body: bytes, headers: Mapping[str, str], work: Work) -> ReceivedView:
    event = stripe_processor().read(body, headers.get("Stripe-Signature"))
    return ReceivedView(new=deliveries.receive(work, "stripe", event.event_id, event.order_id, processor))
