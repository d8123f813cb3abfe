"""`cloudrun job migrate`: bring the database to the newest schema. Safe to run again, and by many at once."""

from shared.kernel.deployment import JobDeployment, Resource
from shared.storage.migrate import migrate
from shared.wiring.clock import clock
from shared.wiring.settings import settings
from shared.wiring.storage import dial

DEPLOYMENT = JobDeployment(uses=frozenset({Resource.SCHEMA}))


def main() -> None:
    now = clock().now()
    print("Migrating the database …", flush=True)
    migrate(settings().database_url, now=now, dial=dial())
    print(f"The schema is the newest, with partitions from {now:%B %Y} on.")
