"""Zones on a real database: each minute forecasts, prices and hints; ticks, prices and drivers' apps read of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from shared.orders.surge import MOST_BPS
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.shops import DALLAS, FORT_WORTH, open_shop
from tests.fixtures.world import CERTIFICATION, World

UP_THE_ROAD = {"lat": DALLAS["lat"] + 0.035, "lng": DALLAS["lng"]}
"""In another zone, some minutes from the shop."""

DOWN_THE_ROAD = {"lat": DALLAS["lat"] - 0.036, "lng": DALLAS["lng"]}
"""As far the other way, and a little further."""

ENOUGH = 14
"""Minutes in which a multiplier gets from 1.0 to any limit and back."""


def a_minute(world: World) -> Json:
    """Let the next minute begin and do it."""
    world.api.clock.advance(minutes=1)
    return the_minute(world)


def the_minute(world: World) -> Json:
    [done] = taken(world.platform.post("/internal/dispatch/balance_zones"))["regions"]
    return done


def zones(world: World) -> Json:
    return taken(world.admin.get("/v1/admin/zones", region_id="dfw"))


def zone_of_the_shop(world: World) -> Json:
    def apart(zone: Json) -> float:
        return float((zone["centre"]["lat"] - DALLAS["lat"]) ** 2 + (zone["centre"]["lng"] - DALLAS["lng"]) ** 2)

    return dict(min(zones(world)["zones"], key=apart))


def usually(world: World, orders: int, before: int = 0) -> None:
    """As if the shop had had so many orders in the coming half hours of the last eight weeks, and in the hour before."""
    world.rows(
        "DELETE FROM store_demand WHERE half_hour < :yesterday", yesterday=world.api.clock.now - timedelta(days=1)
    )
    world.rows(
        """INSERT INTO store_demand
           SELECT 'dfw', (date_bin('30 minutes', :now, 'epoch') AT TIME ZONE 'America/Chicago'
                   - make_interval(weeks => week, mins => 30 * slot)) AT TIME ZONE 'America/Chicago', :store_id,
               CASE WHEN slot <= 0 THEN CAST(:orders AS integer) ELSE CAST(:before AS integer) END
           FROM generate_series(1, 8) AS week, generate_series(-1, 3) AS slot""",
        now=world.api.clock.now, store_id=world.shop.store_id, orders=orders, before=before,
    )  # fmt: skip


def surging(world: World) -> int:
    """A shortage that has lasted: the shop's zone is at its limit. Gives the multiplier."""
    for _ in range(ENOUGH):
        usually(world, 40)
        a_minute(world)
    return int(zone_of_the_shop(world)["surge_bps"])


def test_a_zone_expects_what_was_usual_at_this_hour_and_supplies_its_drivers(world: World) -> None:
    usually(world, 12, before=12)
    done = a_minute(world)
    shop_zone = zone_of_the_shop(world)
    # Nothing was ordered in the last hour, where 24 is usual: the forecast is drawn down, and not to nothing.
    assert pytest.approx(shop_zone["demand"], rel=0.1) == 12 * 10 / 34
    assert (done["zones"], shop_zone["waiting"]) == (19, 0)
    assert sum(zone["supply"] for zone in zones(world)["zones"]) == 1


def test_orders_of_the_last_hour_and_tasks_that_wait_are_seen(world: World) -> None:
    for _ in range(3):
        world.a_ready_order()
    a_minute(world)
    shop_zone = zone_of_the_shop(world)
    assert shop_zone["waiting"] == 3
    assert shop_zone["demand"] == pytest.approx(1.5, rel=0.1)
    assert world.one("SELECT sum(orders) AS n FROM store_demand")["n"] == 3


def test_a_store_that_opens_brings_its_zones_and_a_region_forgets_those_it_no_longer_has(world: World) -> None:
    assert a_minute(world)["zones"] == 19
    open_shop(world.api, world.admin, position=FORT_WORTH)
    assert a_minute(world)["zones"] == len(zones(world)["zones"]) == 38
    world.rows("UPDATE stores SET lat = :lat, lng = :lng", **DALLAS)
    assert a_minute(world)["zones"] == len(zones(world)["zones"]) == 19


def test_a_minute_is_done_once_however_many_ask(world: World) -> None:
    usually(world, 40)
    world.api.clock.advance(minutes=1)
    with ThreadPoolExecutor(6) as executor:
        done = list(executor.map(lambda _: the_minute(world), range(6)))
    assert sorted(one["done"] for one in done) == [False] * 5 + [True]
    assert zone_of_the_shop(world)["surge_bps"] == 11_000
    assert world.one("SELECT count(DISTINCT at) AS n FROM zone_forecasts")["n"] == 1


def test_orders_are_counted_once_and_none_is_lost_while_the_chore_sleeps(world: World) -> None:
    world.an_order()
    a_minute(world)
    a_minute(world)
    world.api.clock.advance(hours=2)
    world.an_order()
    world.api.clock.advance(hours=3)
    a_minute(world)
    counted = world.rows("SELECT orders FROM store_demand ORDER BY half_hour")
    assert [row["orders"] for row in counted] == [1, 1]


def test_a_shortage_raises_the_fee_step_by_step_and_drivers_bring_it_back(world: World) -> None:
    seen = []
    for _ in range(ENOUGH):
        usually(world, 40)
        a_minute(world)
        seen.append(zone_of_the_shop(world)["surge_bps"])
    assert seen[:10] == list(range(11_000, 20_001, 1_000))
    assert set(seen[10:]) == {MOST_BPS}
    usually(world, 0)
    for _ in range(ENOUGH):
        a_minute(world)
    assert zone_of_the_shop(world)["surge_bps"] == 10_000


def test_a_price_shows_surge_keeps_it_for_fifteen_minutes_and_is_redeemed_once(world: World) -> None:
    plain = world.price()
    assert (plain["surge_bps"], plain["surge_fee_minor"]) == (10_000, 0)
    assert surging(world) == MOST_BPS
    surged = world.price()
    assert (surged["surge_bps"], surged["surge_fee_minor"]) == (MOST_BPS, plain["delivery_fee_minor"])
    assert surged["delivery_fee_minor"] == 2 * plain["delivery_fee_minor"]
    assert surged["total_minor"] - plain["total_minor"] == surged["surge_fee_minor"]

    usually(world, 0)
    for _ in range(ENOUGH):
        a_minute(world)
    assert world.price()["surge_bps"] == 10_000
    command = {"price_id": surged["id"], "certification_version": CERTIFICATION}
    order = taken(world.customer.post("/v1/orders", command, key=world.key()))
    assert order["money"]["surge_fee_minor"] == surged["surge_fee_minor"]
    assert order["money"]["total_minor"] == surged["total_minor"]
    refused(world.customer.post("/v1/orders", command, key=world.key()), 409, "price_expired")


def test_the_driver_gets_the_share_of_the_surge_that_was_in_force_with_the_price(world: World) -> None:
    plain = world.a_ready_order()
    surging(world)
    terms = {"limit_bps": MOST_BPS, "driver_share_bps": 5_000, "disaster_declared": False}
    taken(world.admin.put("/v1/admin/regions/dfw/surge", terms))
    surged = world.a_ready_order()
    payout = {row["order_id"]: row["payout_minor"] for row in world.rows("SELECT order_id, payout_minor FROM tasks")}
    share = (surged["money"]["surge_fee_minor"] + 1) // 2
    assert payout[surged["id"]] - payout[plain["id"]] == share > 0


def test_a_declared_disaster_ends_surge_at_once(world: World) -> None:
    assert surging(world) == MOST_BPS
    terms = {"limit_bps": MOST_BPS, "driver_share_bps": 8_000, "disaster_declared": True}
    assert taken(world.admin.put("/v1/admin/regions/dfw/surge", terms))["cap_bps"] == 10_000
    assert (world.price()["surge_bps"], zone_of_the_shop(world)["surge_bps"]) == (10_000, 10_000)
    assert a_minute(world)["surging"] == 0


def test_the_terms_of_surge_stay_within_bounds_and_belong_to_a_region(world: World) -> None:
    terms = {"limit_bps": MOST_BPS, "driver_share_bps": 8_000, "disaster_declared": False}
    refused(world.admin.put("/v1/admin/regions/dfw/surge", terms | {"limit_bps": 20_001}), 422, "invalid_input")
    refused(world.admin.put("/v1/admin/regions/atlantis/surge", terms), 404, "not_found")
    refused(world.admin.get("/v1/admin/zones", region_id="atlantis"), 404, "not_found")


def test_a_multiplier_that_nobody_renews_is_not_charged(world: World) -> None:
    surging(world)
    world.api.clock.advance(minutes=6)
    assert world.price()["surge_bps"] == 10_000


def test_the_zone_a_driver_would_leave_changes_whom_a_tick_chooses(world: World) -> None:
    """Two drivers a few seconds apart, and many orders expected where the nearer one is."""
    send_home(world.drivers[0])
    world.hire_driver(position=UP_THE_ROAD)
    far = world.hire_driver(position=DOWN_THE_ROAD)
    a_minute(world)
    world.rows(
        """UPDATE zones SET demand = 20 WHERE cell = (SELECT cell FROM zones
               ORDER BY power(lat - CAST(:lat AS float8), 2) + power(lng - CAST(:lng AS float8), 2) LIMIT 1)""",
        **UP_THE_ROAD,
    )
    assert world.an_offered_order()[1].id == far.id
    assert world.one("SELECT zone FROM offer_logs")["zone"] < 0, "drawn from where nobody is needed"


def test_without_zones_the_nearer_driver_is_chosen(world: World) -> None:
    send_home(world.drivers[0])
    near = world.hire_driver(position=UP_THE_ROAD)
    world.hire_driver(position=DOWN_THE_ROAD)
    assert world.an_offered_order()[1].id == near.id


def test_an_idle_driver_is_told_where_work_is_expected_once_in_twenty_minutes(world: World) -> None:
    send_home(world.drivers[0])
    idle = world.hire_driver(position=UP_THE_ROAD)
    usually(world, 40)
    sent = [a_minute(world)["hints"]]
    hint = taken(idle.get(f"/v1/drivers/{idle.id}/task"))["hint"]
    shop_zone = zone_of_the_shop(world)
    assert hint["position"] == shop_zone["centre"]
    assert hint["reason"] == "more_orders_than_drivers"
    told = world.one("SELECT data, attributes FROM broker_deliveries WHERE attributes ->> 'type' = 'hint'")
    assert (told["data"]["hint_id"], told["data"]["driver_id"]) == (hint["id"], idle.id)
    for _ in range(19):
        taken(idle.post(f"/v1/drivers/{idle.id}/location", at(world, UP_THE_ROAD)))
        usually(world, 40)
        sent.append(a_minute(world)["hints"])
    assert sent == [1] + [0] * 19
    taken(idle.post(f"/v1/drivers/{idle.id}/location", at(world, UP_THE_ROAD)))
    usually(world, 40)
    assert a_minute(world)["hints"] == 1


def test_a_hint_is_followed_by_who_is_seen_there_before_it_ends(world: World) -> None:
    send_home(world.drivers[0])
    follows = world.hire_driver(position=UP_THE_ROAD)
    stays = world.hire_driver(position=DOWN_THE_ROAD)
    usually(world, 40)
    assert a_minute(world)["hints"] == 2
    taken(follows.post(f"/v1/drivers/{follows.id}/location", at(world, DALLAS)))
    a_minute(world)
    hints = zones(world)["hints"]
    assert (hints["followed"], hints["not_followed"]) == (1, 0)
    world.api.clock.advance(minutes=11)
    the_minute(world)
    assert taken(stays.get(f"/v1/drivers/{stays.id}/task"))["hint"] is None
    hints = zones(world)["hints"]
    assert (hints["sent"], hints["followed"], hints["not_followed"]) == (2, 1, 1)


def test_a_driver_with_an_offer_is_shown_the_offer_and_no_hint(world: World) -> None:
    idle = world.hire_driver(position=UP_THE_ROAD)
    usually(world, 40)
    a_minute(world)
    send_home(world.drivers[0])
    assert taken(idle.get(f"/v1/drivers/{idle.id}/task"))["hint"] is not None
    _order, driver, _task = world.an_offered_order()
    work = taken(driver.get(f"/v1/drivers/{driver.id}/task"))
    assert driver.id == idle.id
    assert (work["offer"] is not None, work["hint"]) == (True, None)


def send_home(driver: Client) -> None:
    taken(driver.post(f"/v1/drivers/{driver.id}/offline"))


def at(world: World, position: Json) -> Json:
    return {"positions": [{**position, "at": (world.api.clock.now - timedelta(seconds=1)).isoformat()}]}
