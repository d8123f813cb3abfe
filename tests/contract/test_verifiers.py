"""What every provider of age checks promises. Onfido is spoken with through its own SDK, on a real socket."""

import hashlib
import hmac
import json
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import pytest

from infra.local.stand_ins import ONFIDO_WORKFLOW_ID
from infra.standins.faults import Fault
from shared.kernel.errors import BadInput, Unavailable
from shared.verification.fake import FakeVerifier
from shared.verification.onfido import PEOPLE_A_PAGE, BadSignature, OnfidoVerifier, ProviderMisconfigured
from shared.verification.protocol import AgeVerifier, CheckRequest, CheckResult, Outcome, Subject
from tests.fixtures.onfido import WEBHOOK_TOKEN, Onfido

JORDAN = Subject("Jordan Rivers", date(1990, 4, 2), "1 Elm St, Dallas 75201")
ENDS = {
    "Rivers": Outcome.APPROVED,
    "Declined": Outcome.DECLINED,
    "Review": Outcome.REVIEW,
    "Abandoned": Outcome.ABANDONED,
    "Error": Outcome.ERROR,
}


@dataclass
class Provider:
    """`decide` lets a pending check come to its end."""

    verifier: AgeVerifier
    decide: Callable[[str], object]


@pytest.fixture(params=["fake", "fake_document", "onfido"])
def provider(request: pytest.FixtureRequest, onfido_server: Onfido) -> Provider:
    if request.param == "onfido":
        return Provider(OnfidoVerifier(onfido_server.account()), onfido_server.decide)
    return Provider(FakeVerifier("database_check" if request.param == "fake" else "document_check"), lambda _: None)


@pytest.fixture
def onfido_verifier(onfido_server: Onfido) -> OnfidoVerifier:
    return OnfidoVerifier(onfido_server.account())


def request_of(surname: str = "Rivers", held_as: str | None = None) -> CheckRequest:
    return CheckRequest("chk_1", replace(JORDAN, full_name=f"Jordan {surname}"), 21, held_as)


def ended(provider: Provider, request: CheckRequest) -> CheckResult:
    result = provider.verifier.check(request, lambda _: None)
    if result.outcome == Outcome.PENDING:
        provider.decide(request.check_id)
        found = provider.verifier.find(request.check_id)
        assert found is not None
        return found
    return result


@pytest.mark.parametrize(("surname", "outcome"), ENDS.items())
def test_every_end_of_a_check_is_told_apart(provider: Provider, surname: str, outcome: Outcome) -> None:
    result = ended(provider, request_of(surname))
    assert (result.outcome, result.check_id) == (outcome, "chk_1")
    assert (result.provider, result.evidence) == (provider.verifier.provider, provider.verifier.evidence)


def test_asking_twice_is_one_check(provider: Provider) -> None:
    held: list[str] = []
    first = provider.verifier.check(request_of(), held.append)
    again = provider.verifier.check(request_of(held_as=held[0] if held else None), held.append)
    assert again == first
    assert len(held) == (0 if provider.verifier.evidence == "database_check" else 1)


def test_a_person_is_held_for_a_document_check_and_is_deleted_with_a_receipt_each_time_it_is_asked(
    provider: Provider,
) -> None:
    held: list[str] = []
    provider.verifier.check(request_of(), held.append)
    for held_as in held:
        receipts = [provider.verifier.forget(held_as) for _ in range(2)]
        assert {receipt.held_as for receipt in receipts} == {held_as}
        assert all(receipt.request_id and receipt.status in (204, 410) for receipt in receipts)
    assert bool(held) == (provider.verifier.evidence == "document_check")


def test_who_is_below_the_age_that_the_workflow_is_given_is_declined(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    minor = replace(request_of(), subject=replace(JORDAN, birth_date=date(2010, 4, 2)))
    assert onfido_verifier.check(minor, lambda _: None).outcome == Outcome.PENDING
    assert onfido_server.decide("chk_1")["status"] == "declined"


def test_a_pending_check_carries_the_token_for_the_customers_device_and_an_ended_one_does_not(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    assert onfido_verifier.check(request_of(), lambda _: None).sdk_token
    onfido_server.decide("chk_1")
    found = onfido_verifier.find("chk_1")
    assert found is not None
    assert found.sdk_token is None


def test_only_a_name_a_birth_date_and_a_country_leave_for_a_document_check(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    onfido_verifier.check(request_of(), lambda _: None)
    (applicant,) = onfido_server.records.applicants()
    assert applicant["dob"] == "1990-04-02"
    assert "Elm" not in json.dumps(applicant)


@pytest.mark.parametrize("path", ["/applicants", "/workflow_runs"])
@pytest.mark.parametrize("does", [429, 500, 503, Fault.TIMEOUT])
def test_a_provider_that_fails_is_away_and_the_same_request_goes_on_later(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier, path: str, does: int | Fault
) -> None:
    held: list[str] = []
    onfido_server.fails_next("POST", path, does)
    with pytest.raises(Unavailable):
        onfido_verifier.check(request_of(), held.append)
    result = onfido_verifier.check(request_of(held_as=held[0] if held else None), held.append)
    assert result.outcome == Outcome.PENDING
    assert onfido_server.run_of("chk_1")["id"] == result.reference, "there is one run, whatever was lost"
    assert len(held) == 1


def test_of_two_runs_of_a_check_the_one_that_has_ended_counts(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    """A request whose connection broke off was carried out after all, once the next had been answered, or before."""
    held: list[str] = []
    onfido_verifier.check(request_of(), held.append)
    told = {"applicant_id": held[0], "workflow_id": ONFIDO_WORKFLOW_ID, "tags": ["chk_1"]}
    oldest = onfido_server.records.runs_tagged("chk_1")[0]["id"]
    newest = onfido_server.records.add_run(told)["id"]
    found = onfido_verifier.find("chk_1")
    assert found is not None
    assert (found.reference, found.outcome) == (oldest, Outcome.PENDING)
    onfido_server.records.decide(newest)
    found = onfido_verifier.find("chk_1")
    assert found is not None
    assert (found.reference, found.outcome) == (newest, Outcome.APPROVED)


def test_whom_the_vendor_has_held_for_long_is_found_behind_any_number_of_newcomers(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    """Onfido lists the newest first, a page at a time."""
    jordan = {"first_name": "Jordan", "last_name": "Rivers"}
    stray = onfido_server.records.add_applicant(jordan, created_at="2026-11-01T12:00:00+00:00")
    for _ in range(PEOPLE_A_PAGE):
        onfido_server.records.add_applicant(jordan)
    assert onfido_verifier.held_long() == [stray["id"]]


def test_a_server_that_is_not_there_is_away(onfido_server: Onfido) -> None:
    nobody = OnfidoVerifier(replace(onfido_server.account(), url="http://127.0.0.1:9/v3.6"))
    with pytest.raises(Unavailable):
        nobody.find("chk_1")


def test_our_own_mistake_is_an_alarm_and_names_no_person(onfido_server: Onfido) -> None:
    stranger = OnfidoVerifier(replace(onfido_server.account(), api_token="wrong"))
    with pytest.raises(ProviderMisconfigured, match="VERIFICATION_KEY") as alarm:
        stranger.check(request_of(), lambda _: None)
    assert "Jordan" not in str(alarm.value)


def test_a_workflow_that_the_vendor_does_not_know_is_an_alarm(
    onfido_server: Onfido, onfido_verifier: OnfidoVerifier
) -> None:
    onfido_server.fails_next("POST", "/workflow_runs", 404)
    with pytest.raises(ProviderMisconfigured, match="ONFIDO_WORKFLOW_ID"):
        onfido_verifier.check(request_of(), lambda _: None)


def test_a_name_that_the_provider_cannot_take_is_bad_input_and_is_not_repeated(onfido_verifier: OnfidoVerifier) -> None:
    with pytest.raises(BadInput) as refusal:
        onfido_verifier.check(request_of("<script>"), lambda _: None)
    assert "script" not in refusal.value.detail
    assert refusal.value.__suppress_context__


def event(**changes: object) -> bytes:
    completed = {"id": "7f8f1b1c-0000-4000-8000-000000000001", "status": "approved"}
    payload = {"resource_type": "workflow_run", "action": "workflow_run.completed", "object": completed}
    return json.dumps({"payload": payload | changes}).encode()


def signed(body: bytes, token: str = WEBHOOK_TOKEN) -> str:
    return hmac.new(token.encode(), body, hashlib.sha256).hexdigest()


def test_a_signed_announcement_names_its_run(onfido_verifier: OnfidoVerifier) -> None:
    body = event()
    assert onfido_verifier.announced(body, signed(body)) == "7f8f1b1c-0000-4000-8000-000000000001"


@pytest.mark.parametrize("signature", [None, "", "ä", "00" * 32, signed(event(), "another token")])
def test_an_announcement_that_the_vendor_did_not_sign_is_refused(
    onfido_verifier: OnfidoVerifier, signature: str | None
) -> None:
    with pytest.raises(BadSignature):
        onfido_verifier.announced(event(), signature)


def test_a_signature_is_of_these_very_bytes(onfido_verifier: OnfidoVerifier) -> None:
    body = event()
    with pytest.raises(BadSignature):
        onfido_verifier.announced(body + b" ", signed(body))


@pytest.mark.parametrize(
    "body",
    [
        event(action="workflow_task.started"),
        event(action="something.new"),
        event(object=None),
        event(object={"id": "1"}),
        b"{}",
        b"no",
    ],
)
def test_other_news_is_passed_over(onfido_verifier: OnfidoVerifier, body: bytes) -> None:
    assert onfido_verifier.announced(body, signed(body)) is None


def test_a_subject_does_not_show_itself_in_logs(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("checking %s", request_of())
    assert "chk_1" in caplog.text
    assert "Jordan" not in caplog.text
    assert "1990" not in caplog.text


def test_the_vendors_library_is_loaded_only_where_it_is_chosen() -> None:
    code = "import sys; from functions.orders import verify_age; print('onfido' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "False"
