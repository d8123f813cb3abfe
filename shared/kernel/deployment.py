"""What a function or a job needs of the platform it runs on: which resources it touches, and how large it may grow."""

from dataclasses import dataclass
from enum import StrEnum


class Resource(StrEnum):
    """Each is one grant of a service account on Google Cloud; what is not declared cannot be reached there."""

    DATABASE = "database"
    MESSAGES = "messages"
    """Publishes to the topics."""
    TASKS = "tasks"
    """Creates named tasks."""
    LIVE_READ = "live_read"
    LIVE_WRITE = "live_write"
    MAPS_READ = "maps_read"
    """The files of streets and roads."""
    MAPS_WRITE = "maps_write"
    ARCHIVE = "archive"
    LOG_KEYS = "log_keys"
    """The private keys of the transparency log."""
    PAYMENTS = "payments"
    """The payment processor's key."""
    VERIFICATION = "verification"
    """The age verifier's key."""
    VAULT = "vault"
    """The key that encrypts the keys of personal data."""
    SCHEMA = "schema"
    """The database as its owner, who may change its schema."""
    OPERATOR_PASSWORDS = "operator_passwords"


NOTHING: frozenset[Resource] = frozenset()
READS = frozenset({Resource.DATABASE})
PUBLISHES = READS | {Resource.MESSAGES}
ENQUEUES = PUBLISHES | {Resource.TASKS}


@dataclass(frozen=True, slots=True)
class Sizing:
    """One Cloud Run service. `concurrency` is requests at once in an instance, each on a thread of its own with its own
    database connection; `pool` differs from it only where one thread serves many requests. `timeout_s` in seconds."""

    concurrency: int = 4
    max_instances: int = 2
    min_instances: int = 0
    cpu: int = 1
    memory_mib: int = 512
    timeout_s: int = 30
    pool: int | None = None

    @property
    def connections_per_instance(self) -> int:
        return self.concurrency if self.pool is None else self.pool

    @property
    def connections(self) -> int:
        """Database connections when every instance is busy."""
        return self.max_instances * self.connections_per_instance


QUIET = Sizing()
BUSY = Sizing(concurrency=12, max_instances=5, min_instances=1)
"""On the path of every order or every driver's minute."""
SOLVER = Sizing(concurrency=1, max_instances=4, cpu=2, memory_mib=1024, timeout_s=60)
"""Holds the interpreter lock while it works, so an instance takes one request."""
STREAMING = Sizing(concurrency=250, max_instances=10, timeout_s=3600, pool=4)
"""Open for an hour, idle for most of it."""
CHORE = Sizing(concurrency=1, max_instances=1, timeout_s=60)
"""Called once a minute or less, by the schedule alone."""

MONTHLY = Sizing(concurrency=1, timeout_s=300)
"""Reads a month's sales, each under a key of its own."""


@dataclass(frozen=True, slots=True)
class JobDeployment:
    """A Cloud Run job: a module `jobs/NAME.py` names its own as `DEPLOYMENT`. `schedule` is in cron's five fields, UTC;
    None is started by hand. `on_cloud` is False for what only makes sense on a developer's machine."""

    uses: frozenset[Resource] = READS
    cpu: int = 1
    memory_mib: int = 512
    timeout_s: int = 600
    schedule: str | None = None
    on_cloud: bool = True
