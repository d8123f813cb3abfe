"""What goes wrong in a day on `PLATFORM=google`: Pub/Sub dies twice, and the live store loses everything once."""

import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from infra.local.child import ROOT
from infra.local.runtime import Runtime

WIPE_LIMIT_S = 300
"""The emulator finishes what it was asked before, and a busy one has much of that."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """`act` when this share of the day's orders has ended."""

    after: float
    sentence: str
    act: Callable[[], None]


def schedule_mishaps(runtime: Runtime) -> list[Mishap]:
    return [
        Mishap(0.2, "Pub/Sub is killed, with all that it holds.", lambda: runtime.kill("pubsub")),
        Mishap(
            0.5, "Firestore is wiped; `cloudrun job rebuild_live` fills it again.", lambda: _lose_live_store(runtime)
        ),
        Mishap(0.7, "Pub/Sub is killed again.", lambda: runtime.kill("pubsub")),
    ]


def _lose_live_store(runtime: Runtime) -> None:
    """Raises CalledProcessError when the job fails."""
    place = runtime.environment
    database = f"projects/{place['GOOGLE_CLOUD_PROJECT']}/databases/(default)"
    url = f"http://{place['FIRESTORE_EMULATOR_HOST']}/emulator/v1/{database}/documents"
    with urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=WIPE_LIMIT_S) as answer:
        answer.read()
    job = [sys.executable, "-m", "infra.jobs", "rebuild_live"]
    subprocess.run(job, cwd=ROOT, env=place, check=True, stdout=subprocess.DEVNULL)
