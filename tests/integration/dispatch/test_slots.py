"""When the loops run."""

from collections import Counter

from tests.fixtures.http import taken
from tests.fixtures.world import World


def enqueued(world: World) -> Counter[str]:
    """How many slots of each loop wait in the queue."""
    rows = world.rows("SELECT path, due_at FROM queue_tasks WHERE path LIKE '/internal/dispatch/%?region_id=dfw'")
    assert all(row["due_at"] > world.api.clock.now for row in rows)
    return Counter(row["path"].removeprefix("/internal/dispatch/").partition("?")[0] for row in rows)


def test_a_minute_holds_twenty_ticks_and_two_batches_however_often_it_is_scheduled(world: World) -> None:
    world.a_ready_order()
    world.rows("DELETE FROM queue_tasks")
    for _ in range(2):
        assert taken(world.platform.post("/internal/dispatch/schedule"))["enqueued"] == 22
    assert enqueued(world) == {"tick": 20, "batch": 2}


def test_a_region_without_work_costs_nothing(world: World) -> None:
    assert taken(world.platform.post("/internal/dispatch/schedule"))["enqueued"] == 0
    assert enqueued(world) == {}
    slot = int(world.api.clock.advance(seconds=30).timestamp())
    ran = taken(world.platform.post("/internal/dispatch/batch?region_id=dfw", {"slot": slot}))
    assert ran["outcome"] == "idle"
