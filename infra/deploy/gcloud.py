"""Calling Google's command line, and reading its answers."""

import json
import subprocess
from typing import Any


class GcloudFailed(RuntimeError):
    """The command did not succeed; the message is what it said."""


def gcloud(*arguments: str) -> str:
    """Its output. Raises GcloudFailed."""
    ended = subprocess.run(["gcloud", *arguments, "--quiet"], capture_output=True, text=True)
    if ended.returncode != 0:
        raise GcloudFailed(f"gcloud {' '.join(arguments)}: {ended.stderr.strip()}")
    return ended.stdout


def gcloud_json(*arguments: str) -> Any:
    """Its output as data. Raises GcloudFailed."""
    return json.loads(gcloud(*arguments, "--format=json"))
