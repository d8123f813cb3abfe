"""Google's own emulators of Pub/Sub and Firestore, as they come with the Cloud SDK (`gcloud components install
pubsub-emulator cloud-firestore-emulator`), started straight from their jars: `python -m infra.emulators.official NAME PORT`.

Both keep everything in memory. What they leave out, compared with the services, is in docs/google-cloud.md.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local.lifeline import die_with_parent
from infra.local.processes import answers

ROOT = Path(__file__).resolve().parents[2]
WELL_KNOWN = ("/usr/lib/google-cloud-sdk", "/usr/share/google-cloud-sdk", "/opt/google-cloud-sdk", "~/google-cloud-sdk")
JAVA = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.language=en")
"""A small heap and a fast start: an emulator lives for minutes."""

START_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Emulator:
    """`jar` is a pattern below the SDK's folder `platform`; `variable` is where Google's clients look for it."""

    name: str
    jar: str
    main: str
    variable: str


PUBSUB = Emulator(
    "pubsub", "pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar", "com.google.cloud.pubsub.testing.v1.Main",
    "PUBSUB_EMULATOR_HOST",
)  # fmt: skip
FIRESTORE = Emulator(
    "firestore", "cloud-firestore-emulator/cloud-firestore-emulator*.jar",
    "com.google.cloud.datastore.emulator.firestore.CloudFirestore", "FIRESTORE_EMULATOR_HOST",
)  # fmt: skip
EMULATORS = {emulator.name: emulator for emulator in (PUBSUB, FIRESTORE)}


class NoEmulator(RuntimeError):
    """An emulator or Java is missing; the message says what to install."""


def command(emulator: Emulator, port: int) -> list[str]:
    """How it is started on a port of the loopback interface. Raises NoEmulator."""
    java = shutil.which("java")
    if java is None:
        raise NoEmulator("Google's emulators need Java 11 or newer: `apt-get install default-jre-headless`.")
    jar = find_jar(emulator)
    return [java, *JAVA, "-cp", str(jar), emulator.main, "--host=127.0.0.1", f"--port={port}"]


def find_jar(emulator: Emulator) -> Path:
    """In the Cloud SDK that CLOUDSDK_ROOT_DIR names, that `gcloud` belongs to, or in a usual place. Raises NoEmulator."""
    for root in _roots():
        if found := sorted((root / "platform").glob(emulator.jar)):
            return found[-1]
    component = emulator.jar.partition("/")[0]
    raise NoEmulator(
        f"No {component} in a Google Cloud SDK. Install it (`gcloud components install {component}`, or the package "
        f"google-cloud-cli-{component.removeprefix('cloud-')}), or name the SDK's folder in CLOUDSDK_ROOT_DIR."
    )


def _roots() -> Iterator[Path]:
    if named := os.environ.get("CLOUDSDK_ROOT_DIR"):
        yield Path(named)
    if gcloud := shutil.which("gcloud"):
        yield Path(gcloud).resolve().parents[1]
    for place in WELL_KNOWN:
        yield Path(place).expanduser()


@contextmanager
def running(emulator: Emulator, port: int, log: Path) -> Iterator[str]:
    """`host:port` of an emulator that runs until the block is left. Raises NoEmulator, RuntimeError when it does not start."""
    command(emulator, port)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.emulators.official", emulator.name, str(port)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + START_LIMIT_S
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the {emulator.name} emulator did not start; {log} says why")
            time.sleep(0.05)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def main() -> None:
    """Become the emulator, and die with whoever started it."""
    name, port = sys.argv[1:]
    line = command(EMULATORS[name], int(port))
    die_with_parent()
    os.execv(line[0], line)


if __name__ == "__main__":
    main()
