"""What was shown at checkout and read at the door is nowhere afterwards: no table, log, event, dossier, message, live document
or archived file holds it, nor a hash of it (Tex. HSC 161.0825; Transp. 521.126)."""

import base64
import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.standins.faults import Fault
from shared.verification.rules import CONSENT_VERSION
from tests.fixtures.http import Json, refused, taken
from tests.fixtures.onfido import Onfido
from tests.fixtures.world import PASSING_CHECK, World

LICENCE = "D80421377"
BARCODE = f"@\n\x1e\rANSI 636015090002DL00410289ZT03300015DLDCSFEATHERSTONE\nDACQUETZAL\nDBB03141987\nDBA03142031\nDAQ{LICENCE}"
PLANTED = (
    "Featherstone", "FEATHERSTONE", "Quetzal", "QUETZAL", "1987-03-14", "03141987", "19870314", "Nightingale Row", LICENCE,
    BARCODE,
)  # fmt: skip
FAULTS = (("/applicants", 422), ("/applicants", 500), ("/workflow_runs", 401), ("/workflow_runs", Fault.TIMEOUT))
SHOPPER: Json = {
    "full_name": "Quetzal Featherstone",
    "birth_date": "1987-03-14",
    "residence_line": "77 Nightingale Row, Dallas, TX 75201",
    "consent_version": CONSENT_VERSION,
}


def disguises(value: str) -> Iterator[str]:
    """A value as it might be kept by somebody who thinks that this hides it."""
    raw = value.encode()
    yield from (value, raw.hex(), base64.b64encode(raw).decode())
    yield from (hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha256"))


class Traces:
    """Everything that the product leaves behind."""

    def __init__(self, world: World, folder: Path, log: pytest.LogCaptureFixture) -> None:
        names = [row["name"] for row in world.rows(_TABLES)]
        self.places = {
            name: "\n".join(row["text"] for row in world.rows(f"SELECT t::text AS text FROM {name} AS t"))
            for name in names
        }
        files = [file for file in folder.rglob("*") if file.is_file()]
        self.places |= {str(file.relative_to(folder)): file.read_bytes().decode("latin-1") for file in files}
        self.places["the log"] = log.text

    def of(self, value: str) -> set[str]:
        """Where a value is found, in any disguise."""
        return {place for place, text in self.places.items() if any(disguise in text for disguise in disguises(value))}


def test_nothing_of_a_person_or_a_document_is_left_after_a_run(
    world: World, onfido: Onfido, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    order = checked_by_onfido(world, onfido)
    handed_over(world, order)
    let_everything_settle(world)
    traces = Traces(world, tmp_path, caplog)
    kept = traces.of(order["id"])
    assert {"orders", "dossier_events", "idempotency_keys", "age_checks", "doorstep_checks"} <= kept
    assert {"live_documents", "live_changes", "broker_deliveries", "log_entries"} <= kept, (
        "the search finds what is there"
    )
    assert any(place.startswith("archive/") for place in traces.places)
    assert {value: traces.of(value) for value in PLANTED} == {value: set() for value in PLANTED}


def checked_by_onfido(world: World, onfido: Onfido) -> Json:
    """Through failures as well: errors are where secrets get into logs."""
    order = world.an_order()
    path = f"/v1/orders/{order['id']}/verify_age"
    for place, does in FAULTS:
        onfido.fails_next("POST", place, does)
        answer = world.customer.post(path, SHOPPER, key=world.key())
        assert answer.status_code >= 400
    refused(
        world.customer.post(path, {**SHOPPER, "birth_date": "14 March 1987"}, key=world.key()), 422, "invalid_input"
    )
    taken(world.customer.post(path, SHOPPER, key=world.key()))
    assert onfido.records.applicants()[0]["last_name"] == "Featherstone", "the vendor was told"
    check = world.one("SELECT check_id FROM age_checks")
    assert onfido.tell(onfido.decide(check["check_id"])) == 204
    return order


def handed_over(world: World, order: Json) -> None:
    paid = f"/v1/orders/{order['id']}/payment/authorize"
    taken(world.customer.post(paid, {"payment_method": "tok_visa"}, key=world.key()))
    for action in ({"action": "accept", "prep_minutes": 5}, {"action": "preparing"}, {"action": "ready"}):
        taken(world.act(order["id"], **action))
    assert world.tick()["offers"] == 1
    driver, task_id = world.drivers[0], world.task_of(order)
    for step in ("accept", "arrive_pickup", "pickup", "arrive_dropoff"):
        taken(driver.post(f"/v1/tasks/{task_id}/{step}", key=world.key()))
    submit = f"/v1/orders/{order['id']}/doorstep_id_check/submit"
    careless = ({"barcode": BARCODE}, {"licence_number": LICENCE}, {"method": BARCODE}, {"signature_sha256": LICENCE})
    for extra in careless:
        problem = driver.post(submit, {**PASSING_CHECK, **extra}, key=world.key())
        refused(problem, 422, "invalid_input")
        assert LICENCE not in problem.get_data(as_text=True)
    refused(driver.post(f"/v1/orders/{order['id']}/refuse", {"reason": BARCODE}, key=world.key()), 422, "invalid_input")
    taken(driver.post(submit, PASSING_CHECK, key=world.key()))
    taken(driver.post(f"/v1/orders/{order['id']}/deliver/confirm", key=world.key()))


def let_everything_settle(world: World) -> None:
    """Consumers and chores run as they would."""
    for row in world.rows(
        "SELECT message_id, data, attributes FROM broker_deliveries WHERE subscription LIKE '%tracking'"
    ):
        data = base64.b64encode(json.dumps(row["data"]).encode()).decode()
        message = {"messageId": row["message_id"], "data": data, "attributes": row["attributes"]}
        taken(world.platform.post("/internal/events/project_tracking", {"message": message, "subscription": "s"}))
    world.api.clock.advance(minutes=3)
    for chore in ("finish_age_checks", "finish_intents", "sign_checkpoint"):
        taken(world.platform.post(f"/internal/maintenance/{chore}"))


_TABLES = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
