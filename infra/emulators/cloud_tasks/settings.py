"""What an emulator can be told when it starts."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.emulators.cloud_tasks.tokens import Signer, unsigned

Clock = Callable[[], float]
"""Seconds since 1970, like `time.time`. Every time the emulator stores or compares comes from it."""

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The defaults are those of Cloud Tasks where it documents a number.

    The 24 hours of task names: https://cloud.google.com/tasks/docs/reference/rpc/google.cloud.tasks.v2#createtaskrequest
    (task de-duplication). The 3 days of queue names: the same page, DeleteQueue. The 15 seconds: Task.dispatch_deadline.
    """

    task_name_seconds: float = DAY
    """How long the name of a completed or deleted task stays taken."""
    queue_name_seconds: float = 3 * DAY
    """How long the name of a deleted queue stays taken."""
    shortest_deadline: float = 15.0
    """The least dispatch_deadline a task may ask for."""
    workers: int = 64
    """How many attempts run at once, over all queues. RunTask waits for a free one."""
    signer: Signer = unsigned
    """Makes the OIDC tokens."""
