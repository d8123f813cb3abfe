"""`cloudrun job rebuild_live`: fill the live store from the database: where drivers are, how far open orders have come.

Safe at any time, also while the market runs: of two documents the later one stays.
"""

from itertools import islice

from rich.progress import track

from shared.drivers import locations
from shared.kernel.deployment import READS, JobDeployment, Resource
from shared.live.projection import document_of
from shared.live.protocol import Document, LiveStore
from shared.orders import service as orders
from shared.storage.work import Work
from shared.wiring.live import live_store
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(uses=READS | {Resource.LIVE_WRITE})

AT_ONCE = 100
"""Documents in one write."""


def main() -> None:
    live = live_store()
    with unit_of_work() as work:
        documents = rebuilt(work)
    write(live, documents)
    live.close()
    print(f"{len(documents)} documents are as the database has them.")


def rebuilt(work: Work) -> list[Document]:
    """What the live store would hold had it missed nothing."""
    return [*locations.known(work), *(document_of(event) for event in orders.latest_events(work))]


def write(live: LiveStore, documents: list[Document]) -> None:
    rest = iter(documents)
    batches = [list(islice(rest, AT_ONCE)) for _ in range(0, len(documents), AT_ONCE)]
    for batch in track(batches, "Filling the live store …"):
        live.write(batch, [])
