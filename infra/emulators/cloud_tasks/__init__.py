"""An emulator of Google Cloud Tasks (google.cloud.tasks.v2.CloudTasks) that the unchanged client library talks to.

What it promises and what it leaves out is in docs/cloud-tasks-emulator.md.
"""

from infra.emulators.cloud_tasks.server import Running, start
from infra.emulators.cloud_tasks.settings import Clock, Settings

__all__ = ["Clock", "Running", "Settings", "start"]
