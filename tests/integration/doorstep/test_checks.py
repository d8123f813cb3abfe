"""The door: graded evidence, a check by hand last and seldom, what stands out, and the goods' way back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Response

from shared.doorstep.rules import MANUAL_CHECKS
from tests.fixtures.http import Client, Json, refused, taken
from tests.fixtures.market import until
from tests.fixtures.world import PASSING_CHECK, World

UNREAD: Json = {**PASSING_CHECK, "document_read": False, "over_age": False}
BY_HAND: Json = {**PASSING_CHECK, "method": "manual"}


def check(world: World, driver: Client, order: Json, outcome: Json) -> Response:
    return driver.post(f"/v1/orders/{order['id']}/doorstep_id_check/submit", outcome, key=world.key())


def last_event(world: World, order: Json) -> Json:
    return dict(taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][-1])


def report(world: World, **asked: object) -> list[Json]:
    return list(taken(world.admin.get("/v1/admin/drivers/doorstep_checks", region_id="dfw", **asked))["items"])


@pytest.mark.parametrize(("method", "grade"), [("scan", "parsed"), ("mobile_licence", "issuer_signed")])
def test_evidence_is_graded_and_shown_as_such(world: World, method: str, grade: str) -> None:
    order, driver, _task = world.an_order_at_the_door()
    assert world.read(order["id"])["doorstep"] == {"passed": False, "method": None, "grade": None}
    answer = taken(check(world, driver, order, {**PASSING_CHECK, "method": method}))
    assert (answer["passed"], answer["grade"]) == (True, grade)
    assert world.read(order["id"])["doorstep"] == {"passed": True, "method": method, "grade": grade}
    told = last_event(world, order)["data"]
    assert (told["method"], told["grade"]) == (method, grade)


def test_by_hand_is_offered_after_three_scans_that_read_nothing_and_is_the_weakest(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    assert refused(check(world, driver, order, BY_HAND), 409, "manual_check_not_offered")["scans_left"] == 3
    scans = [taken(check(world, driver, order, UNREAD)) for _ in range(3)]
    assert [scan["scans_left"] for scan in scans] == [2, 1, 0]
    assert [scan["manual_offered"] for scan in scans] == [False, False, True]
    assert scans[0]["reasons"] == ["document_unreadable"]
    by_hand = taken(check(world, driver, order, BY_HAND))
    assert (by_hand["passed"], by_hand["grade"]) == (True, "attested")
    assert world.verdict(order["id"])["valid"]


def test_a_refused_method_changes_nothing(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    before = world.read(order["id"])
    refused(check(world, driver, order, BY_HAND), 409, "manual_check_not_offered")
    assert world.read(order["id"]) == before
    assert world.rows("SELECT * FROM doorstep_checks") == []


def test_scans_of_one_order_open_no_other(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    for _ in range(3):
        taken(check(world, driver, order, UNREAD))
    taken(check(world, driver, order, PASSING_CHECK))
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key=world.key()))
    other, driver, _task = world.an_order_at_the_door()
    refused(check(world, driver, other, BY_HAND), 409, "manual_check_not_offered")


def test_a_driver_has_few_checks_by_hand_a_day(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    for _ in range(3):
        taken(check(world, driver, order, UNREAD))
    unlike = {**BY_HAND, "photo_match": False}
    for _ in range(MANUAL_CHECKS):
        assert not taken(check(world, driver, order, unlike))["passed"]
    answer = check(world, driver, order, BY_HAND)
    assert refused(answer, 429, "manual_checks_used_up")["retry_after_s"] == 24 * 3_600
    assert answer.headers["Retry-After"] == str(24 * 3_600)
    world.api.clock.advance(hours=24)
    driver = world.api.sign_in(driver.account["email"])
    assert taken(check(world, driver, order, BY_HAND))["passed"]


def test_a_check_by_hand_waits_for_another_of_the_same_driver_and_counts_it(world: World) -> None:
    """Two doors of one trip: the second check is sent while the first ones, at the other door, are not committed yet."""
    order, driver, _task = world.an_order_at_the_door()
    for _ in range(3):
        taken(check(world, driver, order, UNREAD))
    world.rows("BEGIN")
    world.rows("SELECT 1 FROM drivers WHERE driver_id = :id FOR UPDATE", id=driver.id)
    with ThreadPoolExecutor(1) as elsewhere:
        answer = elsewhere.submit(check, world, driver, order, BY_HAND)
        until(
            lambda: world.one("SELECT count(*) AS waiting FROM pg_locks WHERE NOT granted")["waiting"] > 0, "it waits"
        )
        world.rows(
            """INSERT INTO doorstep_checks (check_id, order_id, driver_id, method, passed, document_read, at)
            SELECT 'dck_' || n, 'ord_other', :id, 'manual', false, true, :now FROM generate_series(1, :count) AS n""",
            id=driver.id, now=world.api.clock.now, count=MANUAL_CHECKS,
        )  # fmt: skip
        world.rows("COMMIT")
        refused(answer.result(), 429, "manual_checks_used_up")


def test_time_and_distance_of_a_check_are_kept_but_no_place(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    now = world.api.clock.advance(seconds=45)
    beside = {"lat": order["dropoff"]["lat"] + 0.001, "lng": order["dropoff"]["lng"], "at": now.isoformat()}
    taken(driver.post(f"/v1/drivers/{driver.id}/location", {"positions": [beside]}))
    taken(check(world, driver, order, PASSING_CHECK))
    told = last_event(world, order)["data"]
    assert told["at_door_s"] == 45
    assert 100 <= told["distance_m"] <= 120
    assert not {"lat", "lng"} & set(told)


def test_what_stands_out_is_reported_by_driver_to_administrators(world: World) -> None:
    for _ in range(3):
        order, driver, _task = world.an_order_at_the_door()
        taken(check(world, driver, order, UNREAD))
        taken(check(world, driver, order, PASSING_CHECK))
        taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key=world.key()))
    (row,) = report(world)
    assert (row["driver_id"], row["checks"], row["passed"], row["failed_scans"]) == (driver.id, 6, 3, 3)
    assert (row["fast"], row["anomalies"]) == (3, ["implausibly_fast_checks"])
    world.api.clock.advance(hours=24 * 31)
    admin = world.api.sign_in("admin@cloudrun.localhost")
    assert taken(admin.get("/v1/admin/drivers/doorstep_checks", region_id="dfw"))["items"] == []
    support = world.api.sign_in("support@cloudrun.localhost")
    refused(support.get("/v1/admin/drivers/doorstep_checks", region_id="dfw"), 403, "forbidden")


def test_the_report_may_be_of_one_driver_or_of_those_alone_of_whom_something_stands_out(world: World) -> None:
    world.hire_driver(online=False)
    world.hire_driver(online=False)
    plain, often, afar = sorted(driver.id for driver in world.drivers)
    for driver_id, method, distance_m in ((plain, "scan", 5), (often, "manual", 5), (afar, "scan", 900)):
        world.rows(
            """INSERT INTO doorstep_checks (check_id, order_id, driver_id, method, passed, document_read, distance_m, at)
            SELECT 'dck_' || :id || n, 'ord_other', :id, :method, true, true, :distance_m, :now
            FROM generate_series(1, 6) AS n""",
            id=driver_id, method=method, distance_m=distance_m, now=world.api.clock.now,
        )  # fmt: skip
    assert [row["driver_id"] for row in report(world)] == [plain, often, afar]
    outstanding = [(row["driver_id"], row["anomalies"]) for row in report(world, anomalous=True)]
    assert outstanding == [(often, ["many_manual_checks"]), (afar, ["checks_far_from_the_door"])]
    assert [row["driver_id"] for row in report(world, driver_id=plain)] == [plain]
    assert report(world, driver_id=plain, anomalous=True) == []
    assert [row["driver_id"] for row in report(world, anomalous=True, limit=1)] == [often]


def test_returned_goods_have_one_holder_at_any_time(world: World) -> None:
    order, driver, _task = world.an_order_at_the_door()
    taken(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": "suspected_counterfeit"}))
    custody = f"/v1/orders/{order['id']}/custody"
    assert taken(world.shop.merchant.get(custody))["holdings"][-1]["holder_id"] == driver.id
    world.api.clock.advance(minutes=10)
    taken(driver.post(f"/v1/tasks/{world.task_of(order)}/arrive_dropoff"))
    taken(world.shop.merchant.post(f"/v1/orders/{order['id']}/return/confirm", {"condition": "opened"}))
    holdings = taken(world.shop.merchant.get(custody))["holdings"]
    assert [holding["role"] for holding in holdings] == ["merchant", "driver", "merchant"]
    assert (holdings[-1]["condition"], holdings[-1]["until"]) == ("opened", None)
    assert holdings[1]["until"] == holdings[2]["since"]
    returned = last_event(world, order)
    assert returned["data"]["received_from"] == driver.id
    assert returned["hash"] == holdings[-1]["hash"]
    refused(world.api.register("merchant").get(custody), 404, "not_found")
