"""The broker that settings name."""

import json
from collections.abc import Mapping
from functools import cache

from shared.messaging.protocol import Broker, Publisher
from shared.queueing.protocol import TaskQueue
from shared.wiring.settings import InvalidSettings, on_google, required


@cache
def broker() -> Broker:
    if on_google():
        from shared.messaging.google import GoogleBroker

        return GoogleBroker(_publisher, _tasks)
    from shared.messaging.embedded import EmbeddedBroker

    return EmbeddedBroker()


@cache
def _publisher() -> Publisher:
    from shared.messaging.pubsub import PubSub

    return PubSub(required("GOOGLE_CLOUD_PROJECT", "my-market"), required("REGION", "us-south1"))


@cache
def _tasks() -> TaskQueue:
    from shared.queueing.google import CloudTasks

    project, region = required("GOOGLE_CLOUD_PROJECT", "my-market"), required("REGION", "us-south1")
    caller = required("TASKS_CALLER", "call-tasks@my-market.iam.gserviceaccount.com")
    return CloudTasks(project, region, _targets(), caller)


def _targets() -> Mapping[str, str]:
    """`TASK_TARGETS`: the address of the service by the path of its function, as JSON. Raises InvalidSettings."""
    example = '{"/internal/dispatch/tick": "https://tick-1234567890.us-south1.run.app"}'
    try:
        return dict(json.loads(required("TASK_TARGETS", example)))
    except ValueError as error:
        raise InvalidSettings(f"Set TASK_TARGETS to JSON like {example}: {error}.") from error
