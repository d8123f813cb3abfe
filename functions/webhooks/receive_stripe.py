"""POST /webhooks/stripe: Stripe says that something happened to a payment; what, is fetched."""

from shared.http.declaration import PUBLIC
from shared.http.endpoint import SignedDelivery, endpoint
from shared.kernel.deployment import PUBLISHES, Resource
from shared.kernel.errors import NotFound
from shared.kernel.wire import View
from shared.payments import deliveries
from shared.storage.work import Work
from shared.wiring.payments import processor, stripe_processor


class ReceivedView(View):
    """`new` is false for an event that was received before."""

    new: bool


@endpoint("POST", "/webhooks/stripe", roles=PUBLIC, uses=PUBLISHES | {Resource.PAYMENTS})
def receive_stripe(delivery: SignedDelivery, work: Work) -> ReceivedView:
    if processor().name != "stripe":
        raise NotFound("This market takes no payments through Stripe.")
    event = stripe_processor().read(delivery.body, delivery.headers.get("Stripe-Signature"))
    return ReceivedView(new=deliveries.receive(work, "stripe", event.event_id, event.order_id, processor))
