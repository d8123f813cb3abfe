"""`python -m infra.jobs NAME [ARGUMENT …]`: run a job; what a Cloud Run job does, and `cloudrun job`."""

import importlib
import os
import sys
from pathlib import Path

from shared.telemetry import logs

FOLDER = Path(__file__).resolve().parents[1] / "jobs"


class UnknownJob(RuntimeError):
    """There is no such job; the message lists those that there are."""


def run(name: str, arguments: list[str]) -> None:
    """Raises UnknownJob."""
    known = sorted(file.stem for file in FOLDER.glob("*.py") if file.stem != "__init__")
    if name not in known:
        raise UnknownJob(f"there is no job {name}; there is: {', '.join(known)}")
    sys.argv = [f"cloudrun job {name}", *arguments]
    importlib.import_module(f"jobs.{name}").main()


if __name__ == "__main__":
    logs.configure(os.environ.get("GOOGLE_CLOUD_PROJECT", ""))
    try:
        run(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:])
    except UnknownJob as error:
        sys.exit(str(error))
