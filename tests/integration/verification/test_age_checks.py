"""The checkout age check with Onfido: through the vendor's SDK, its stand-in's HTTP and its signed webhooks."""

import pytest
from flask import Response

from infra.local.stand_ins import ONFIDO_WORKFLOW_ID
from infra.standins.faults import Fault
from infra.standins.onfido.records import Json
from shared.verification.rules import CONSENT_SHA256, CONSENT_VERSION
from shared.wiring import verification
from tests.fixtures.http import refused, taken
from tests.fixtures.onfido import Onfido
from tests.fixtures.world import ADULT, MINOR, World

CONSENTING = {**ADULT, "consent_version": CONSENT_VERSION}


def ask(world: World, order: Json, told: Json = CONSENTING) -> Response:
    return world.customer.post(f"/v1/orders/{order['id']}/verify_age", told, key=world.key())


def check_of(world: World, order: Json) -> Json:
    """The order's latest check."""
    rows = world.rows("SELECT * FROM age_checks WHERE order_id = :id ORDER BY check_id DESC LIMIT 1", id=order["id"])
    return dict(rows[0])


def sweep(world: World, **later: float) -> Json:
    world.api.clock.advance(**later)
    return taken(world.platform.post("/internal/maintenance/finish_age_checks"))


def a_pending_order(world: World) -> Json:
    order = world.an_order()
    answer = ask(world, order)
    assert answer.status_code == 202
    return taken(answer)


def test_a_check_is_begun_with_202_and_passes_when_the_vendor_says_so(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    assert (order["status"], order["age_check"]["status"]) == ("age_pending", "pending")
    assert order["sdk_token"]
    refused(
        world.customer.post(f"/v1/orders/{order['id']}/payment/authorize", {"payment_method": "tok_visa"}, key="a"),
        409,
        "not_possible_now",
    )
    check = check_of(world, order)
    assert onfido.tell(onfido.decide(check["check_id"])) == 204
    assert world.read(order["id"])["status"] == "age_verified"
    assert world.events(order["id"]) == [
        "order_created",
        "biometric_consent_given",
        "age_check_requested",
        "age_check_passed",
    ]
    assert world.verdict(order["id"])["valid"]


def test_if_match_is_judged_once_not_against_the_requests_own_changes(world: World) -> None:
    order = world.an_order()

    def ask_if(version: int) -> Response:
        path, headers = f"/v1/orders/{order['id']}/verify_age", {"If-Match": f'"{version}"'}
        return world.customer.call("POST", path, body=ADULT, key=world.key(), headers=headers)

    refused(ask_if(order["version"] + 1), 412, "precondition_failed")
    assert taken(ask_if(order["version"]))["status"] == "age_verified"


def test_consent_is_in_the_dossier_before_the_vendor_hears_of_anybody(world: World, onfido: Onfido) -> None:
    order = world.an_order()
    problem = refused(ask(world, order, ADULT), 409, "consent_required")
    assert problem["consent"]["version"] == CONSENT_VERSION
    assert onfido.records.applicants() == []
    assert world.events(order["id"]) == ["order_created"]
    onfido.fails_next("POST", "/applicants", 500)
    refused(ask(world, order), 503, "unavailable")
    assert onfido.records.applicants() == []
    consent, requested = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][1:]
    assert consent["type"] == "biometric_consent_given"
    assert consent["data"]["version"] == CONSENT_VERSION
    assert consent["data"]["text_sha256"] == CONSENT_SHA256
    assert consent["actor"] == {"role": "customer", "id": world.customer.id}
    assert requested["data"]["evidence"] == "document_check"


def test_a_name_that_no_provider_takes_changes_nothing(world: World, onfido: Onfido) -> None:
    order = world.an_order()
    refused(ask(world, order, {**CONSENTING, "full_name": "Jordan <b>Rivers</b>"}), 422, "invalid_input")
    assert world.events(order["id"]) == ["order_created"]
    assert onfido.records.applicants() == []


def test_who_says_to_be_too_young_never_reaches_the_vendor(world: World, onfido: Onfido) -> None:
    order = world.an_order()
    stock = "SELECT stock FROM products WHERE product_id = :id"
    reserved = world.one(stock, id=world.shop.products[0])["stock"]
    assert taken(ask(world, order, MINOR))["status"] == "age_failed"
    assert onfido.records.applicants() == []
    failed = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][-1]
    assert (failed["type"], failed["data"]["evidence"]) == ("age_check_failed", "statement")
    assert world.one(stock, id=world.shop.products[0])["stock"] == reserved + 1, "the goods can be sold again"


@pytest.mark.parametrize(
    ("status", "order_status", "event"),
    [
        ("approved", "age_verified", "age_check_passed"),
        ("declined", "age_failed", "age_check_failed"),
        ("review", "created", "age_check_inconclusive"),
        ("abandoned", "created", "age_check_inconclusive"),
        ("error", "created", "age_check_inconclusive"),
    ],
)
def test_every_final_state_is_told_apart(
    world: World, onfido: Onfido, status: str, order_status: str, event: str
) -> None:
    order = a_pending_order(world)
    onfido.tell(onfido.decide(check_of(world, order)["check_id"], status))
    found = world.read(order["id"])
    assert found["status"] == order_status
    told = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][-1]
    assert (told["type"], told["data"]["outcome"], told["data"]["evidence"]) == (event, status, "document_check")
    assert check_of(world, order)["outcome"] == status


def test_a_check_without_an_answer_may_be_tried_again_and_the_third_is_the_last(world: World, onfido: Onfido) -> None:
    order = world.an_order()
    seen = []
    for _ in range(3):
        world.api.clock.advance(seconds=1)
        assert ask(world, order).status_code == 202
        onfido.tell(onfido.decide(check_of(world, order)["check_id"], "abandoned"))
        seen.append(world.read(order["id"])["status"])
    assert seen == ["created", "created", "age_failed"]
    refused(ask(world, order), 409, "not_possible_now")


def test_the_webhook_may_come_before_the_answer(world: World, onfido: Onfido) -> None:
    """The vendor is done, and tells, while our own request still waits for its answer."""
    order = world.an_order()
    heard: list[int] = []
    onfido.behaviour.after_run = lambda run: heard.append(onfido.tell(onfido.records.decide(run["id"])))
    answer = ask(world, order)
    assert heard == [204]
    assert (answer.status_code, taken(answer)["status"]) == (200, "age_verified")
    assert world.events(order["id"]).count("age_check_passed") == 1


def test_a_webhook_that_comes_twice_is_applied_once(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    body = onfido.webhook.body(onfido.decide(check_of(world, order)["check_id"]))
    assert [onfido.webhook.send(body) for _ in range(3)] == [204, 204, 204]
    assert world.events(order["id"]).count("age_check_passed") == 1
    assert world.one("SELECT count(*) AS kept FROM inbox WHERE consumer = 'onfido'")["kept"] == 1


def test_what_a_late_webhook_says_is_not_believed_but_fetched(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    run = onfido.run_of(check_of(world, order)["check_id"])
    assert onfido.tell({**run, "status": "approved"}) == 204
    assert world.read(order["id"])["status"] == "age_pending", "the vendor itself still waits"
    onfido.tell(onfido.records.decide(run["id"], "declined"))
    assert onfido.tell({**run, "status": "approved"}) == 204
    assert world.read(order["id"])["status"] == "age_failed"


def test_a_webhook_is_refused_without_the_vendors_signature(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    body = onfido.webhook.body(onfido.decide(check_of(world, order)["check_id"]))
    for headers in ({}, {"X-SHA2-Signature": "00" * 32}):
        answer = world.api.call("POST", "/webhooks/onfido", data=body, headers=headers)
        refused(answer, 400, "bad_signature")
    assert world.read(order["id"])["status"] == "age_pending"


def test_a_webhook_that_cannot_be_looked_into_is_asked_for_again(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    body = onfido.webhook.body(onfido.decide(check_of(world, order)["check_id"]))
    onfido.fails_next("GET", "/workflow_runs", 503)
    assert onfido.webhook.send(body) == 503
    assert onfido.webhook.send(body) == 204
    assert world.read(order["id"])["status"] == "age_verified"


def test_webhooks_of_runs_that_are_not_ours_or_no_more_change_nothing(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    applicant = onfido.records.applicants()[0]["id"]
    foreign = onfido.records.add_run(
        {"applicant_id": applicant, "workflow_id": ONFIDO_WORKFLOW_ID, "tags": ["chk_of_another"]}
    )
    assert onfido.tell(onfido.records.decide(foreign["id"])) == 204
    untagged = onfido.records.add_run({"applicant_id": applicant, "workflow_id": ONFIDO_WORKFLOW_ID})
    assert onfido.tell(onfido.records.decide(untagged["id"])) == 204
    gone = onfido.decide(check_of(world, order)["check_id"])
    onfido.records.delete_applicant(applicant)
    assert onfido.tell(gone) == 204
    assert world.read(order["id"])["status"] == "age_pending"


def test_there_is_no_webhook_of_a_vendor_that_is_not_in_use(world: World) -> None:
    refused(world.api.post("/webhooks/onfido", {}), 404, "not_found")


@pytest.mark.parametrize("path", ["/applicants", "/workflow_runs"])
@pytest.mark.parametrize("does", [429, 502, Fault.TIMEOUT])
def test_a_vendor_that_fails_answers_503_and_the_same_request_continues_the_check(
    world: World, onfido: Onfido, path: str, does: int | Fault
) -> None:
    order = world.an_order()
    onfido.fails_next("POST", path, does)
    refused(ask(world, order), 503, "unavailable")
    assert world.read(order["id"])["status"] == "age_pending"
    assert ask(world, order).status_code == 202
    assert world.events(order["id"]).count("age_check_requested") == 1
    assert onfido.tell(onfido.decide(check_of(world, order)["check_id"])) == 204
    assert world.read(order["id"])["status"] == "age_verified"


def test_the_same_request_finds_what_a_webhook_has_settled_meanwhile(world: World, onfido: Onfido) -> None:
    """The run was begun and its answer lost; before the customer asks again, the vendor is done and tells of it."""
    order, key = world.an_order(), world.key()
    path = f"/v1/orders/{order['id']}/verify_age"
    onfido.fails_next("POST", "/workflow_runs", Fault.LOST)
    refused(world.customer.post(path, CONSENTING, key=key), 503, "unavailable")
    assert onfido.tell(onfido.decide(check_of(world, order)["check_id"])) == 204
    assert taken(world.customer.post(path, CONSENTING, key=key))["status"] == "age_verified"
    assert world.events(order["id"]).count("age_check_requested") == 1


def test_an_answer_that_never_came_is_fetched_by_the_sweeper(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    onfido.decide(check_of(world, order)["check_id"])
    assert sweep(world, seconds=30)["asked"] == 0, "it is not overdue yet"
    assert sweep(world, minutes=3)["asked"] == 1
    assert world.read(order["id"])["status"] == "age_verified"
    assert sweep(world, minutes=3)["asked"] == 0


def test_the_sweeper_waits_while_the_vendor_is_away(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    onfido.decide(check_of(world, order)["check_id"])
    onfido.fails_next("GET", "/workflow_runs", 500)
    assert sweep(world, minutes=3) == {"asked": 0, "deleted": 0, "answered": False}
    assert sweep(world)["asked"] == 1
    assert world.read(order["id"])["status"] == "age_verified"


def test_one_call_without_an_answer_does_not_keep_the_others_waiting(world: World, onfido: Onfido) -> None:
    for order in [a_pending_order(world) for _ in range(3)]:
        onfido.tell(onfido.decide(check_of(world, order)["check_id"]))
    onfido.fails_next("DELETE", "/applicants", 503)
    assert sweep(world) == {"asked": 0, "deleted": 2, "answered": False}
    assert sweep(world) == {"asked": 0, "deleted": 1, "answered": True}
    assert onfido.records.applicants() == []


def test_after_three_calls_without_an_answer_the_vendor_is_taken_to_be_away(world: World, onfido: Onfido) -> None:
    for order in [a_pending_order(world) for _ in range(4)]:
        onfido.tell(onfido.decide(check_of(world, order)["check_id"]))
    for _ in range(4):
        onfido.fails_next("DELETE", "/applicants", 503)
    assert sweep(world) == {"asked": 0, "deleted": 0, "answered": False}
    assert len(onfido.behaviour.scripted) == 1, "the fourth was not asked for"


def test_a_person_is_deleted_at_the_vendor_once_the_check_has_ended_and_the_receipt_is_kept(
    world: World, onfido: Onfido
) -> None:
    order = a_pending_order(world)
    assert sweep(world)["deleted"] == 0, "the check is not over"
    (applicant,) = onfido.records.applicants()
    onfido.tell(onfido.decide(check_of(world, order)["check_id"]))
    assert sweep(world)["deleted"] == 1
    assert onfido.records.applicants() == []
    receipt = world.one("SELECT * FROM identity_deletions")
    assert (receipt["held_as"], receipt["status"]) == (applicant["id"], 204)
    assert receipt["check_id"] == check_of(world, order)["check_id"]
    assert receipt["request_id"]
    assert receipt["answered_at"]
    deleted = taken(world.admin.get(f"/v1/orders/{order['id']}/dossier"))["events"][-1]
    assert (deleted["type"], deleted["data"]["request_id"]) == ("identity_deleted", receipt["request_id"])
    assert sweep(world)["deleted"] == 0
    assert world.verdict(order["id"])["valid"]


def test_a_deletion_whose_answer_was_lost_still_gets_its_receipt(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    onfido.tell(onfido.decide(check_of(world, order)["check_id"]))
    onfido.records.delete_applicant(onfido.records.applicants()[0]["id"])
    assert sweep(world)["deleted"] == 1
    assert world.one("SELECT status FROM identity_deletions")["status"] == 410


def test_the_person_of_an_order_that_was_cancelled_meanwhile_is_deleted_too(world: World, onfido: Onfido) -> None:
    order = a_pending_order(world)
    taken(world.customer.post(f"/v1/orders/{order['id']}/cancel", {"reason": "changed_mind"}))
    assert sweep(world, minutes=3) == {"asked": 1, "deleted": 1, "answered": True}
    check = check_of(world, order)
    assert (check["status"], check["outcome"]) == ("inconclusive", "withdrawn")
    assert onfido.records.applicants() == []
    assert world.read(order["id"])["status"] == "cancelled"


def test_a_person_who_was_deleted_at_the_vendor_meanwhile_is_told_to_it_again(world: World, onfido: Onfido) -> None:
    order = world.an_order()
    onfido.fails_next("POST", "/workflow_runs", 503)
    refused(ask(world, order), 503, "unavailable")
    onfido.records.delete_applicant(onfido.records.applicants()[0]["id"])
    assert ask(world, order).status_code == 202
    assert check_of(world, order)["held_as"] == onfido.records.applicants()[0]["id"]


def test_a_person_whom_the_vendor_took_in_without_our_knowing_is_deleted(world: World, onfido: Onfido) -> None:
    """Its answer was lost, or we died before we had written it down."""
    long_ago = "2026-11-01T12:00:00+00:00"
    stray = onfido.records.add_applicant({"first_name": "Jordan", "last_name": "Rivers"}, created_at=long_ago)
    order = a_pending_order(world)
    strays = "/internal/maintenance/forget_strays"
    assert taken(world.platform.post(strays))["forgotten"] == 1
    (left,) = onfido.records.applicants()
    assert left["id"] == check_of(world, order)["held_as"]
    receipt = world.one("SELECT held_as, check_id, status FROM identity_deletions")
    assert receipt == {"held_as": stray["id"], "check_id": None, "status": 204}
    assert taken(world.platform.post(strays))["forgotten"] == 0


def test_a_stray_whose_deletion_was_not_answered_still_gets_its_receipt(world: World, onfido: Onfido) -> None:
    """It was deleted, so the vendor does not list it again."""
    long_ago = "2026-11-01T12:00:00+00:00"
    stray = onfido.records.add_applicant({"first_name": "Jordan", "last_name": "Rivers"}, created_at=long_ago)
    strays = "/internal/maintenance/forget_strays"
    onfido.fails_next("DELETE", "/applicants", Fault.LOST)
    onfido.fails_next("DELETE", "/applicants", 503)
    refused(world.platform.post(strays), 503, "unavailable")
    assert onfido.records.deleted() == {stray["id"]}
    assert taken(world.platform.post(strays))["forgotten"] == 1
    receipt = world.one("SELECT held_as, status FROM identity_deletions")
    assert receipt == {"held_as": stray["id"], "status": 410}
    assert taken(world.platform.post(strays))["forgotten"] == 0


def test_two_requests_at_once_make_one_person_and_one_run(world: World, onfido: Onfido) -> None:
    """The second comes, with a key of its own, while the first waits for the vendor."""
    order = world.an_order()
    seconds: list[Response] = []
    onfido.behaviour.after_run = lambda run: seconds.append(ask(world, order))
    assert ask(world, order).status_code == 202
    refused(seconds[0], 409, "age_check_running")
    assert len(onfido.records.applicants()) == 1
    onfido.run_of(check_of(world, order)["check_id"])


def test_a_fake_that_answers_later_is_swept_like_a_real_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGE_VERIFIER", "fake_document")
    verification.verifier.cache_clear()
    order = world.an_order()
    answer = ask(world, order, {**CONSENTING, "full_name": "Jordan Later"})
    assert (answer.status_code, taken(answer)["sdk_token"]) == (202, None)
    assert sweep(world, minutes=3) == {"asked": 1, "deleted": 1, "answered": True}
    assert world.read(order["id"])["status"] == "age_verified"
