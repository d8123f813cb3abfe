"""Publishing to Pub/Sub, in order per key.

Pub/Sub gives a message another id each time it is published, so each carries the sender's own as an attribute.
"""

import json
import os

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.pubsub_v1 import PublisherClient, PubsubMessage
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from shared.messaging.push import ID
from shared.storage.connection import Row

PATIENCE_S = 5.0


class PubSub:
    """Publishes in `region`: Pub/Sub keeps the order of what is published in one region."""

    def __init__(self, project: str, region: str) -> None:
        self._client = open_client(region)
        self._parent = f"projects/{project}/topics"

    def publish(self, topic: str, rows: list[Row]) -> Exception | None:
        """In one request, which keeps the order within it."""
        messages = [
            PubsubMessage(
                data=json.dumps(row["data"]).encode(),
                ordering_key=row["ordering_key"],
                attributes=row["attributes"] | {ID: row["message_id"]},
            )
            for row in rows
        ]
        try:
            self._client.publish(topic=f"{self._parent}/{topic}", messages=messages, retry=None, timeout=PATIENCE_S)
        except GoogleAPICallError as error:
            return error
        return None


def open_client(region: str) -> PublisherClient:
    """`PUBSUB_EMULATOR_HOST` leads to an emulator instead of the service."""
    if emulator := os.environ.get("PUBSUB_EMULATOR_HOST"):
        channel = grpc.insecure_channel(emulator, options=[("grpc.max_reconnect_backoff_ms", 1_000)])
        return PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    return PublisherClient(client_options={"api_endpoint": f"{region}-pubsub.googleapis.com"})
