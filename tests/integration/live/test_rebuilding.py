"""The live store is lost with all that it held, and filled from the database."""

from jobs.rebuild_live import rebuilt, write
from shared.kernel.clock import rfc3339
from shared.live.protocol import Document
from shared.wiring import live, storage
from tests.fixtures.world import NEXT_DOOR, World
from tests.integration.live.test_streams import deliver_messages


def stored(world: World, collection: str) -> list[Document]:
    rows = world.rows(
        "SELECT collection, key, region_id, body, at FROM live_documents WHERE collection = :c ORDER BY key",
        c=collection,
    )
    return [Document(**row) for row in rows]


def rebuild() -> int:
    with storage.unit_of_work() as work:
        documents = rebuilt(work)
    write(live.live_store(), documents)
    return len(documents)


def test_what_was_there_is_there_again(world: World) -> None:
    order, driver, _ = world.an_offered_order()
    report = {"positions": [{**NEXT_DOOR, "at": rfc3339(world.api.clock.now), "heading": 90.0}]}
    assert driver.post(f"/v1/drivers/{driver.id}/location", report).status_code == 200
    deliver_messages(world)
    before = stored(world, "orders"), stored(world, "drivers")
    assert [document.key for document in before[0]] == [order["id"]]
    assert driver.id in [document.key for document in before[1]]
    world.rows("DELETE FROM live_documents")
    assert rebuild() == len(before[0]) + len(before[1])
    assert (stored(world, "orders"), stored(world, "drivers")) == before


def test_what_is_newer_than_the_database_s_reading_stays(world: World) -> None:
    world.an_offered_order()
    deliver_messages(world)
    world.rows("UPDATE live_documents SET at = at + interval '1 minute', body = body || '{\"newer\": true}'")
    rebuild()
    assert all(document.body.get("newer") for document in stored(world, "orders"))
