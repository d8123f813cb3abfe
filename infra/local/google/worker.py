"""The worker of `PLATFORM=google`: Cloud Tasks, Cloud Storage, pushes, expiry and the schedule, with tokens of their accounts."""

import logging
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from google.api_core.exceptions import GoogleAPICallError

from infra.emulators import cloud_tasks, storage
from infra.local import schedule
from infra.local.caller import Caller
from infra.local.google.declare import Topics, declare_queues
from infra.local.google.expiry import Expiry
from infra.local.google.issuer import Account, Issuer
from infra.local.google.pushes import Pushes
from infra.local.lifeline import die_with_parent
from shared.kernel.clock import Clock
from shared.queueing.google import open_client
from shared.wiring.clock import clock
from shared.wiring.settings import required

log = logging.getLogger(__name__)

LOOK_S = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where everything is, from the environment that `infra.local.google.platform` makes."""

    folder: Path
    project: str
    region: str
    pubsub: str
    tasks_port: int
    storage_port: int
    callers: dict[str, str]
    """The account by what calls with it: push, tasks, schedule."""

    @classmethod
    def from_environment(cls) -> "Place":
        def port(name: str) -> int:
            return int(required(name, "127.0.0.1:8123").rpartition(":")[2])

        emails = required("CALLERS", "call-push@… call-tasks@… call-schedule@…").split()
        return cls(
            folder=Path(required("GOOGLE_DIR", "the folder of the emulators")),
            project=required("GOOGLE_CLOUD_PROJECT", "local"),
            region=required("REGION", "local"),
            pubsub=required("PUBSUB_EMULATOR_HOST", "127.0.0.1:8085"),
            tasks_port=port("CLOUD_TASKS_EMULATOR_HOST"),
            storage_port=port("STORAGE_EMULATOR_HOST"),
            callers={email.partition("@")[0].removeprefix("call-"): email for email in emails},
        )


def run(place: Place, api: str, dispatch: str, time_source: Clock) -> None:
    """Until the process is told to end."""
    issuer = Issuer(place.folder)

    def caller(name: str) -> Caller:
        accounts = {url: Account(issuer, time_source, place.callers[name], url) for url in (api, dispatch)}
        return Caller(api, dispatch, lambda url: accounts[url].token())

    settings = cloud_tasks.Settings(signer=issuer.sign)
    database = place.folder / "tasks.sqlite"
    tasks = cloud_tasks.start(place.tasks_port, database, lambda: time_source.now().timestamp(), settings)
    objects = storage.start(place.folder / "buckets", place.storage_port)
    declare_queues(open_client(), place.project, place.region)
    topics = Topics(place.pubsub, place.project)
    threading.Thread(target=_keep_declared, args=(topics,), name="topics", daemon=True).start()
    threading.Thread(target=Expiry(place.project, time_source).keep, name="expiry", daemon=True).start()
    pushes = Pushes(topics, caller("push"))
    timetable = (time_source, caller("schedule"), lambda: None)
    threading.Thread(target=schedule.fire, args=timetable, name="schedule", daemon=True).start()
    _wait_for_the_end()
    pushes.stop()
    tasks.stop()
    objects.stop()


def _wait_for_the_end() -> None:
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    ended.wait()


def _keep_declared(topics: Topics) -> None:
    """Declare everything whenever it is gone: the emulator forgets it when it is started again."""
    while True:
        try:
            if not topics.are_there():
                topics.declare()
                log.info("topics and subscriptions are declared")
        except GoogleAPICallError as error:
            log.warning("topics and subscriptions are not there yet: %s", error)
        time.sleep(LOOK_S)


def main() -> None:
    """`python -m infra.local.google.worker API_URL DISPATCH_URL`"""
    die_with_parent()
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    api, dispatch = sys.argv[1:]
    run(Place.from_environment(), api, dispatch, clock())


if __name__ == "__main__":
    main()
