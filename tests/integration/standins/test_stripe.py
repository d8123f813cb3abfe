"""The stand-in, asked through the real SDK: what Stripe's documentation promises, it does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import stripe

from infra.standins.stripe import Fault, Settings, StandIn
from tests.fixtures.market import until
from tests.fixtures.stripe import SECRET_KEY, WEBHOOK_SECRET

SELLER: Any = {"stripe_account": "acct_1"}
HOLD: dict[str, Any] = {
    "amount": 2_500, "currency": "usd", "capture_method": "manual", "confirm": True, "payment_method": "pm_card_visa",
    "application_fee_amount": 600,
}  # fmt: skip


@pytest.fixture
def clock() -> list[float]:
    return [1_800_000_000.0]


@pytest.fixture
def running(clock: list[float]) -> Iterator[StandIn]:
    with StandIn(Settings(SECRET_KEY, WEBHOOK_SECRET, hold_s=3_600.0, clock=lambda: clock[0])) as found:
        found.faults.pause_s = 1.0
        yield found


def client(running: StandIn, key: str = SECRET_KEY) -> stripe.StripeClient:
    return stripe.StripeClient(
        key, base_addresses={"api": running.url}, max_network_retries=0, http_client=stripe.RequestsClient(timeout=2)
    )


def holds(running: StandIn) -> Any:
    return client(running).v1.payment_intents


def keyed(key: str) -> Any:
    return SELLER | {"idempotency_key": key}


def test_a_hold_is_captured_in_part_and_the_fee_is_the_platforms(running: StandIn) -> None:
    held = holds(running).create(HOLD, SELLER)
    assert (held.status, held.amount_capturable) == ("requires_capture", 2_500)
    done = holds(running).capture(held.id, {"amount_to_capture": 2_000, "application_fee_amount": 480}, SELLER)
    assert (done.status, done.amount_received, done.amount_capturable) == ("succeeded", 2_000, 0)
    [fee] = client(running).v1.application_fees.list().data
    assert (fee.amount, fee.account) == (480, "acct_1")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        holds(running).capture(held.id, {}, SELLER)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_a_refund_gives_the_fee_back_in_proportion_and_never_more_than_was_captured(running: StandIn) -> None:
    held = holds(running).create(HOLD | {"capture_method": "automatic"}, SELLER)
    refunds = client(running).v1.refunds
    back: Any = {"payment_intent": held.id, "amount": 1_000, "refund_application_fee": True}
    refunds.create(back, SELLER)
    assert client(running).v1.application_fees.list().data[0].amount_refunded == 240
    with pytest.raises(stripe.InvalidRequestError):
        refunds.create(back | {"amount": 1_501}, SELLER)
    refunds.create(back | {"amount": 1_500}, SELLER)
    assert client(running).v1.application_fees.list().data[0].amount_refunded == 600
    assert len(refunds.list({"payment_intent": held.id}, SELLER).data) == 2


def test_a_hold_that_lapsed_is_canceled(running: StandIn, clock: list[float]) -> None:
    held = holds(running).create(HOLD | {"expand": ["latest_charge"]}, SELLER)
    before = held.latest_charge.payment_method_details.card.capture_before
    assert before == clock[0] + 3_600
    clock[0] = before + 1
    assert holds(running).retrieve(held.id, None, SELLER).status == "canceled"


def test_a_key_repeats_its_first_answer_for_a_day_to_the_same_request_alone(
    running: StandIn, clock: list[float]
) -> None:
    first = holds(running).create(HOLD, keyed("k"))
    assert holds(running).create(HOLD, keyed("k")).id == first.id
    with pytest.raises(stripe.IdempotencyError):
        holds(running).create(HOLD | {"amount": 2_501}, keyed("k"))
    clock[0] += 24 * 3_600 + 1
    assert holds(running).create(HOLD, keyed("k")).id != first.id


@pytest.mark.parametrize(("fault", "done"), [(Fault.ERROR, 0), (Fault.AFTER, 1)])
def test_an_error_of_its_own_is_kept_for_the_key_whether_or_not_the_work_was_done(
    running: StandIn, fault: Fault, done: int
) -> None:
    running.faults.queue(fault)
    for repeated in (None, "true"):
        with pytest.raises(stripe.APIError) as failed:
            holds(running).create(HOLD, keyed("k"))
        assert failed.value.http_status == 500
        assert dict(failed.value.headers or {}).get("Idempotent-Replayed") == repeated
    assert len(holds(running).list({}, SELLER).data) == done


@pytest.mark.parametrize(("fault", "at_once"), [(Fault.LOST, 1), (Fault.TIMEOUT, 1), (Fault.LATE, 0)])
def test_a_lost_connection_says_nothing_of_what_was_done(running: StandIn, fault: Fault, at_once: int) -> None:
    running.faults.queue(fault)
    with pytest.raises(stripe.APIConnectionError):
        holds(running).create(HOLD, keyed("k"))
    assert len(holds(running).list({}, SELLER).data) == at_once
    running.faults.settle()
    again = holds(running).create(HOLD, keyed("k"))
    assert [one.id for one in holds(running).list({}, SELLER).data] == [again.id]


def test_what_was_refused_before_it_began_is_not_kept(running: StandIn) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        holds(running).create(HOLD | {"payment_method": "pm_unheard_of"}, keyed("k"))
    assert refused.value.code == "resource_missing"
    assert holds(running).create(HOLD, keyed("k")).status == "requires_capture"


def test_a_declined_card_leaves_a_payment_that_another_card_may_confirm(running: StandIn) -> None:
    with pytest.raises(stripe.CardError) as refused:
        holds(running).create(HOLD | {"payment_method": "pm_card_chargeDeclined"}, SELLER)
    held = refused.value.json_body["error"]["payment_intent"]
    assert held["status"] == "requires_payment_method"
    confirmed = holds(running).confirm(held["id"], {"payment_method": "pm_card_visa"}, SELLER)
    assert confirmed.status == "requires_capture"
    assert holds(running).cancel(held["id"], {}, SELLER).status == "canceled"


def test_an_account_sees_only_its_own(running: StandIn) -> None:
    held = holds(running).create(HOLD, SELLER)
    stranger: Any = {"stripe_account": "acct_2"}
    with pytest.raises(stripe.InvalidRequestError) as refused:
        holds(running).retrieve(held.id, None, stranger)
    assert refused.value.http_status == 404
    assert holds(running).list({}, stranger).data == []
    with pytest.raises(stripe.AuthenticationError):
        client(running, "sk_test_wrong").v1.payment_intents.retrieve(held.id, None, SELLER)


def test_lists_are_newest_first_in_pages(running: StandIn) -> None:
    made = [holds(running).create(HOLD, SELLER).id for _ in range(5)]
    listed = holds(running).list({"limit": 2}, SELLER)
    assert listed.has_more
    assert [one.id for one in listed.auto_paging_iter()] == made[::-1]


def test_events_come_to_the_address_signed_until_they_are_taken() -> None:
    received: list[Any] = []
    with listening(received) as url, StandIn(Settings(SECRET_KEY, WEBHOOK_SECRET, webhook_url=url)) as running:
        held = holds(running).create(HOLD, SELLER)
        until(lambda: len(received) >= 3, "the refused event and the next one come")
        assert received[0][0] == received[1][0]
        told = [client(running).construct_event(*one, WEBHOOK_SECRET) for one in received[1:]]
        assert [event.type for event in told] == ["payment_intent.created", "payment_intent.amount_capturable_updated"]
        assert {event.data.object["id"] for event in told} == {held.id}


@contextmanager
def listening(received: list[Any]) -> Iterator[str]:
    """A platform that refuses the first delivery and takes the others."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((body, self.headers["Stripe-Signature"]))
            self.send_response(503 if len(received) == 1 else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Requests are not logged."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/webhooks/stripe"
    server.shutdown()
    server.server_close()


def test_what_it_has_is_there_after_a_restart(tmp_path: Any) -> None:
    settings = Settings(SECRET_KEY, WEBHOOK_SECRET, file=str(tmp_path / "stripe.sqlite"))
    with StandIn(settings) as running:
        held = holds(running).create(HOLD, keyed("k"))
    with StandIn(settings) as running:
        assert holds(running).create(HOLD, keyed("k")).id == held.id
