"""The two platforms of a local market: what its processes are told, and which processes it has beside the functions."""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from infra.emulators import official
from infra.local.caller import serving
from infra.local.child import Child
from infra.local.postgres import free_port
from infra.local.processes import RuntimeFailed
from shared.kernel.deployment import Platform
from shared.queueing.queues import QUEUES

PROJECT, REGION = "cloudrun-local", "local"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`services` are started first, and listen on `ports`; then come the functions, then `worker`."""

    environment: dict[str, str]
    worker: Child
    services: list[Child] = field(default_factory=list)
    ports: list[int] = field(default_factory=list)


def choose(platform: Platform, data_dir: Path, api: str, dispatch: str) -> Surroundings:
    """`api` and `dispatch` are the addresses of the functions. Raises RuntimeFailed."""
    return _embedded(data_dir, api, dispatch) if platform is Platform.EMBEDDED else _google(data_dir, api, dispatch)


def _embedded(data_dir: Path, api: str, dispatch: str) -> Surroundings:
    environment = {"PLATFORM": Platform.EMBEDDED, "ARCHIVE_DIR": str(data_dir / "archive")}
    return Surroundings(environment, Child("worker", [sys.executable, "-m", "infra.local.worker", api, dispatch]))


def _google(data_dir: Path, api: str, dispatch: str) -> Surroundings:
    """Tokens are for the address of the process that answers; on Cloud Run every function has one of its own."""
    from infra.local.google.issuer import CERTIFICATES, Issuer

    folder = data_dir / "google"
    Issuer(folder)
    emulators = {emulator: free_port() for emulator in official.EMULATORS.values()}
    try:
        for emulator, port in emulators.items():
            official.command(emulator, port)
    except official.NoEmulator as missing:
        raise RuntimeFailed(str(missing)) from None
    callers = [f"call-{what}@{PROJECT}.iam.gserviceaccount.com" for what in ("push", "tasks", "schedule")]
    environment = {
        "PLATFORM": Platform.GOOGLE,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "REGION": REGION,
        **{emulator.variable: f"127.0.0.1:{port}" for emulator, port in emulators.items()},
        "CLOUD_TASKS_EMULATOR_HOST": f"127.0.0.1:{free_port()}",
        "STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{free_port()}",
        "ARCHIVE_BUCKET": "archive",
        "TASKS_CALLER": callers[1],
        "TASK_TARGETS": json.dumps({path: serving(path, api, dispatch) for queue in QUEUES for path in queue.paths}),
        "CALLERS": " ".join(callers),
        "OIDC_CERTIFICATES": (folder / CERTIFICATES).as_uri(),
        "GOOGLE_DIR": str(folder),
    }
    start = [sys.executable, "-m", "infra.emulators.official"]
    return Surroundings(
        environment,
        Child("worker", [sys.executable, "-m", "infra.local.google.worker", api, dispatch]),
        [Child(emulator.name, [*start, emulator.name, str(port)]) for emulator, port in emulators.items()],
        list(emulators.values()),
    )
