"""The body of a Pub/Sub push request, in its wrapped form (cloud.google.com/pubsub/docs/push)."""

import base64
import json
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel.errors import BadInput

ID = "message_id"
"""The attribute with the sender's own id: Pub/Sub gives a message another one each time it is published."""


class PushedMessage(BaseModel):
    """`data` is base64 of a JSON object. Consumers tolerate fields they do not know."""

    model_config = ConfigDict(extra="ignore")

    data: str = Field(max_length=1_000_000)
    messageId: str = Field(max_length=128)
    attributes: dict[str, str] = Field(default_factory=dict)

    @property
    def id(self) -> str:
        """The same however often the message was published and pushed."""
        return self.attributes.get(ID, self.messageId)

    def body(self) -> dict[str, Any]:
        """Raises BadInput."""
        try:
            decoded = json.loads(base64.b64decode(self.data, validate=True))
        except ValueError:
            raise BadInput.field("body.message.data", "must be base64 of a JSON object") from None
        if not isinstance(decoded, dict):
            raise BadInput.field("body.message.data", "must be base64 of a JSON object")
        return decoded


class Push(BaseModel):
    model_config = ConfigDict(extra="ignore")

    message: PushedMessage
    subscription: str = Field(max_length=256)
