"""What Terraform makes on Google Cloud, made in the emulators: topics, subscriptions with dead letters, queues."""

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import grpc
from google.api_core.exceptions import AlreadyExists
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.types import Queue
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1 import PublisherClient, PubsubMessage, SubscriberClient
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport
from google.pubsub_v1.types import DeadLetterPolicy, RetryPolicy, Subscription

from shared.messaging import topics
from shared.queueing.queues import QUEUES
from shared.storage.outbox import TOPICS

DEAD_LETTERS = "dead_letters"
ACK_DEADLINE_S = 60
PATIENCE_S = 5.0
PULL_S = 20.0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a push is tried before it is a dead letter, and how long after a failure. As terraform/modules/topics."""

    attempts: int = 10
    least: timedelta = timedelta(seconds=1)
    most: timedelta = timedelta(seconds=600)


class Topics:
    """Those of a project in the emulator at `host:port`, which forgets everything when it ends."""

    def __init__(self, emulator: str, project: str) -> None:
        channel = grpc.insecure_channel(emulator, options=[("grpc.max_reconnect_backoff_ms", 1_000)])
        self._publisher = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        self._subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
        self._project = f"projects/{project}"

    def are_there(self) -> bool:
        """Raises GoogleAPICallError when the emulator does not answer."""
        found = self._subscriber.list_subscriptions(project=self._project, retry=None, timeout=1.0)
        return self.name_of(DEAD_LETTERS) in {subscription.name for subscription in found}

    def declare(self, retries: Retries = Retries()) -> None:
        """The subscription to the dead letters comes last: it says that all is there."""
        for topic in (*TOPICS, DEAD_LETTERS):
            with suppress(AlreadyExists):
                self._publisher.create_topic(name=self._topic(topic), retry=None)
        kept = Subscription(name=self.name_of(DEAD_LETTERS), topic=self._topic(DEAD_LETTERS))
        for wanted in (*(self._subscription(one, retries) for one in topics.SUBSCRIPTIONS), kept):
            with suppress(AlreadyExists):
                self._subscriber.create_subscription(request=wanted, retry=None)

    def pull(self, subscription: str, most: int) -> list[Any]:
        """What has come, as soon as there is any; nothing after a while. Raises GoogleAPICallError."""
        name = self.name_of(subscription)
        return list(
            self._subscriber.pull(subscription=name, max_messages=most, retry=None, timeout=PULL_S).received_messages
        )

    def acknowledge(self, subscription: str, *ack_ids: str) -> None:
        """Raises GoogleAPICallError."""
        self._subscriber.acknowledge(
            subscription=self.name_of(subscription), ack_ids=ack_ids, retry=None, timeout=PATIENCE_S
        )

    def give_up(self, subscription: str, message: PubsubMessage) -> None:
        """Publish a message as a dead letter, as Pub/Sub does (cloud.google.com/pubsub/docs/dead-letter-topics).

        Raises GoogleAPICallError.
        """
        attributes = dict(message.attributes) | {"CloudPubSubDeadLetterSourceSubscription": subscription}
        letter = PubsubMessage(data=message.data, attributes=attributes)
        self._publisher.publish(topic=self._topic(DEAD_LETTERS), messages=[letter], retry=None, timeout=PATIENCE_S)

    def dead_letters(self, most: int) -> list[Any]:
        """The data of messages that were given up, up to so many; each is given once."""
        found = self.pull(DEAD_LETTERS, most)
        if found:
            self.acknowledge(DEAD_LETTERS, *(one.ack_id for one in found))
        return [json.loads(one.message.data) for one in found]

    def name_of(self, subscription: str) -> str:
        return f"{self._project}/subscriptions/{subscription}"

    def _topic(self, name: str) -> str:
        return f"{self._project}/topics/{name}"

    def _subscription(self, subscription: topics.Subscription, retries: Retries) -> Subscription:
        return Subscription(
            name=self.name_of(subscription.name),
            topic=self._topic(subscription.topic),
            enable_message_ordering=True,
            ack_deadline_seconds=ACK_DEADLINE_S,
            retry_policy=RetryPolicy(minimum_backoff=retries.least, maximum_backoff=retries.most),
            dead_letter_policy=DeadLetterPolicy(
                dead_letter_topic=self._topic(DEAD_LETTERS), max_delivery_attempts=retries.attempts
            ),
        )


def declare_queues(client: CloudTasksClient, project: str, region: str) -> None:
    """As terraform/modules/queues does. A queue that is there already keeps its tasks."""
    location = f"projects/{project}/locations/{region}"
    for queue in QUEUES:
        wanted = Queue(
            name=f"{location}/queues/{queue.name}",
            rate_limits={"max_dispatches_per_second": queue.rate_per_s, "max_concurrent_dispatches": queue.concurrent},
            retry_config={
                "max_attempts": queue.attempts,
                "min_backoff": Duration(nanos=500_000_000),
                "max_backoff": Duration(seconds=10),
                "max_doublings": 4,
            },
        )
        try:
            client.create_queue(parent=location, queue=wanted)
        except AlreadyExists:
            client.update_queue(queue=wanted)
