"""What happened, over time: true to the last order, bounded, and for administrators."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from tests.fixtures.http import Json, refused, taken
from tests.fixtures.world import World

SERIES = ("orders", "drivers", "dispatch")


def series(world: World, name: str, **query: object) -> Json:
    return taken(world.admin.get(f"/v1/admin/analytics/{name}", **{"region_id": "dfw", **query}))


def bucket_of(shown: Json, moment: datetime) -> Json:
    return max((b for b in shown["buckets"] if datetime.fromisoformat(b["start"]) <= moment), key=lambda b: b["start"])


def test_orders_are_counted_by_what_became_of_them(world: World) -> None:
    placed_at = world.api.clock.now
    world.a_delivered_order()
    cancelled = world.an_order()
    taken(world.customer.post(f"/v1/orders/{cancelled['id']}/cancel", {"reason": "changed_mind"}, key="c"))
    shown = series(world, "orders")
    assert len(shown["buckets"]) == 7
    assert shown["timezone"] == "America/Chicago"
    today = bucket_of(shown, placed_at)
    assert (today["placed"], today["delivered"], today["cancelled"], today["refused"]) == (2, 1, 1, 0)
    assert today["captured_minor"] == world.one("SELECT sum(captured_minor) AS n FROM orders")["n"] > 0
    took = world.one("SELECT extract(epoch FROM max(delivered_at - created_at)) AS s FROM orders")["s"]
    assert today["click_to_door_p50_s"] == today["click_to_door_p90_s"] == pytest.approx(float(took))
    assert sum(b["placed"] for b in shown["buckets"]) == 2
    assert bucket_of(shown, placed_at - timedelta(days=1))["click_to_door_p50_s"] is None


def test_drivers_are_counted_by_what_they_were_asked_and_did(world: World) -> None:
    _order, _driver, _task = world.a_delivered_order()
    world.hire_driver()
    _order, driver, task_id = world.an_offered_order()
    taken(driver.post(f"/v1/tasks/{task_id}/reject", {"reason": "too_far"}))
    today = bucket_of(series(world, "drivers"), world.api.clock.now)
    assert (today["offers"], today["accepted"], today["deliveries"]) == (2, 1, 1)
    assert today["active"] == world.one("SELECT count(DISTINCT driver_id) AS n FROM offers")["n"]
    assert today["earned_minor"] == world.one("SELECT sum(earned_minor) AS n FROM drivers")["n"]


def test_dispatch_is_measured_by_its_offers_and_by_how_true_its_etas_were(world: World) -> None:
    for _ in range(2):
        world.a_delivered_order()
    world.rows(
        "UPDATE orders SET eta_at = delivered_at + interval '2 min', pickup_eta_at = delivered_at - interval '4 min'"
        " WHERE order_id = (SELECT min(order_id) FROM orders)"
    )
    world.rows(
        "UPDATE orders SET eta_at = delivered_at + interval '4 min', pickup_eta_at = delivered_at - interval '4 min'"
        " WHERE order_id = (SELECT max(order_id) FROM orders)"
    )
    world.rows("UPDATE tick_logs SET explored = '{t}' WHERE tick_id = (SELECT min(tick_id) FROM tick_logs)")
    shown = series(world, "dispatch")
    today = bucket_of(shown, world.api.clock.now)
    assert (today["arrived"], today["close_at_order"], today["close_at_pickup"]) == (2, 0.5, 0.0)
    assert (today["offers"], today["offers_per_delivery"], today["explored"]) == (2, 1.0, 1)
    assert today["click_to_door_p50_s"] <= today["click_to_door_p90_s"] <= today["click_to_door_p99_s"]
    assert shown["acceptance_by_hour"] == [{"hour": 12, "offers": 2, "accepted": 2, "acceptance": 1.0}]


def test_hours_are_those_of_the_region_also_when_its_clock_is_put_back(world: World) -> None:
    """On 1 November 2026 Dallas has 25 hours, on 8 March 23."""
    for day, hours in (("2026-11-01", 25), ("2026-03-08", 23), ("2026-03-09", 24)):
        shown = series(world, "orders", bucket="hour", since=day, until=day)
        starts = [datetime.fromisoformat(b["start"]) for b in shown["buckets"]]
        assert len(starts) == hours
        assert {later - earlier for earlier, later in pairwise(starts)} == {timedelta(hours=1)}
    days = series(world, "orders", since="2026-10-30", until="2026-11-03")["buckets"]
    first, fourth = (datetime.fromisoformat(days[k]["start"]).astimezone(UTC) for k in (0, 3))
    assert (first.hour, fourth.hour) == (5, 6)


def test_an_order_is_in_the_bucket_of_its_own_clock(world: World) -> None:
    """Noon in Dallas is 18:00 UTC."""
    world.an_order()
    shown = series(world, "orders", bucket="hour", since="2026-11-20", until="2026-11-20")
    assert [b["placed"] for b in shown["buckets"]] == [0] * 12 + [1] + [0] * 11


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-13-01"}, "query.since"),
        ({"bucket": "minute"}, "query.bucket"),
        ({"since": "2026-11-02", "until": "2026-11-01"}, "query"),
        ({"since": "2025-01-01", "until": "2026-01-01"}, "query"),
        ({"since": "2026-11-01", "until": "2026-11-20", "bucket": "hour"}, "query"),
        ({"region_id": ""}, "query.region_id"),
        ({"no_such": 1}, "query.no_such"),
    ],
    ids=str,
)
def test_a_range_that_cannot_be_read_is_refused_and_named(world: World, name: str, query: Json, field: str) -> None:
    answer = world.admin.get(f"/v1/admin/analytics/{name}", **{"region_id": "dfw", **query})
    problem = refused(answer, 422, "invalid_input")
    assert problem["errors"][0]["field"].startswith(field)


@pytest.mark.parametrize("name", SERIES)
def test_an_open_range_is_as_bounded_as_a_closed_one(world: World, name: str) -> None:
    """Only one end is given: the other lies a week away, whatever the year."""
    for query in ({"since": "2020-01-01"}, {"until": "2020-01-01"}, {"since": "2020-01-01", "bucket": "hour"}):
        shown = series(world, name, **query)
        assert len(shown["buckets"]) in (7, 7 * 24)


@pytest.mark.parametrize("name", SERIES)
def test_an_unknown_region_is_not_found(world: World, name: str) -> None:
    refused(world.admin.get(f"/v1/admin/analytics/{name}", region_id="nowhere"), 404, "not_found")


@pytest.mark.parametrize("name", SERIES)
def test_analytics_are_for_administrators(world: World, name: str) -> None:
    support = world.api.sign_in("support@cloudrun.localhost")
    for client in (world.customer, world.shop.merchant, world.drivers[0], support):
        refused(client.get(f"/v1/admin/analytics/{name}", region_id="dfw"), 403, "forbidden")
