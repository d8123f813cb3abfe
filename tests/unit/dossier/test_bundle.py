"""The evidence file: the committed sample holds, and each of its tampered twins fails by what was tampered with."""

import base64
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from infra.verify import verify as verify_file
from shared.dossier.bundle import Fault, MalformedBundle, Verdict, leaf, make, summarize, verify
from shared.dossier.checkpoint import MalformedKey, Signer
from tests.unit.dossier.samples.make import (
    LOG,
    NEXT,
    ORDER,
    ORIGIN,
    SAMPLE,
    SAMPLES,
    STRANGER,
    TWINS,
    VKEY,
    edited,
    evidence,
    first_letter_changed,
    story,
)


def test_the_committed_samples_are_those_made_here() -> None:
    assert (SAMPLES / "order.json").read_text() == SAMPLE
    assert (SAMPLES / "test-log.vkey").read_text() == f"{VKEY}\n"
    assert Signer.parse((SAMPLES / "test-log.key").read_text().strip()).verifier == LOG.verifier
    committed = {file.stem: file.read_text() for file in (SAMPLES / "tampered").iterdir()}
    assert committed == {name: text for name, (text, _, _) in TWINS.items()}


def test_the_sample_holds_and_every_check_was_made() -> None:
    verdict = verify(SAMPLE, [VKEY])
    assert (verdict.valid, verdict.fault, verdict.seq) == (True, None, None)
    assert [(check.fault, check.passed) for check in verdict.checks] == [(fault, True) for fault in Fault]
    assert verdict.sentence == (
        f"The evidence of order {ORDER} holds: its 6 events, up to order_delivered at 2026-11-20T18:06:00.000Z, are "
        f"unchanged since the log {ORIGIN} had 29 entries."
    )


@pytest.mark.parametrize("name", TWINS)
def test_a_tampered_twin_fails_by_what_was_tampered_with(name: str) -> None:
    _, fault, seq = TWINS[name]
    verdict = verify((SAMPLES / "tampered" / f"{name}.json").read_text(), [VKEY])
    assert (verdict.valid, verdict.fault, verdict.seq) == (False, fault, seq)
    assert_the_checks_stop_at(verdict, fault)


def assert_the_checks_stop_at(verdict: Verdict, fault: Fault) -> None:
    assert [check.fault for check in verdict.checks] == list(Fault)
    at = list(Fault).index(fault)
    assert [check.passed for check in verdict.checks] == [True] * at + [False] + [None] * (len(Fault) - at - 1)
    assert f"does not hold: {fault}" in verdict.sentence


def test_there_is_a_twin_for_everything_that_can_be_wrong() -> None:
    assert {fault for _, fault, _ in TWINS.values()} == set(Fault)


@given(st.integers(0, len(SAMPLE.encode()) - 1), st.integers(0, 7))
def test_any_flipped_bit_of_the_file_is_caught_unless_it_says_the_same(at: int, bit: int) -> None:
    forged = bytearray(SAMPLE.encode())
    forged[at] ^= 1 << bit
    try:
        text = forged.decode()
    except UnicodeDecodeError:
        return
    assert not verify(text, [VKEY]).valid or json.loads(text) == json.loads(SAMPLE)


def test_while_keys_rotate_either_key_suffices() -> None:
    text = evidence(story(), [LOG, NEXT])
    for trusted in ([LOG], [NEXT], [STRANGER, NEXT]):
        assert verify(text, [str(each.verifier) for each in trusted]).valid


@pytest.mark.parametrize("trusted", [[], [str(STRANGER.verifier)]])
def test_without_a_trusted_key_nothing_is_taken_on_trust(trusted: list[str]) -> None:
    assert verify(SAMPLE, trusted).fault is Fault.KEY


def test_a_trusted_key_that_is_not_one_is_refused() -> None:
    with pytest.raises(MalformedKey):
        verify(SAMPLE, [first_letter_changed(VKEY)])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        SAMPLE[:-3],
        SAMPLE.replace('"version": 1', '"version": true'),
        SAMPLE.replace('"version": 1', '"version": 1, "version": 1'),
        SAMPLE.replace('"version": 1', '"version": 1, "more": 1'),
        SAMPLE.replace("4590", "1e999"),
        SAMPLE.replace("4590", "NaN"),
        SAMPLE.replace("4590", "9" * 30),
        SAMPLE.replace("4590", "9" * 5000),
        SAMPLE.replace("onfido", "\\ud800"),
        edited(lambda c: c.update(events=[])),
        edited(lambda c: c.update(summary=[1])),
        edited(lambda c: c.update(checkpoint="")),
        edited(lambda c: c.update(checkpoint=c["checkpoint"].replace("\n29\n", "\n029\n"))),
        edited(lambda c: c["events"].append("event")),
        edited(lambda c: c["events"][0].update(seq="1")),
        edited(lambda c: c["events"][0].pop("type")),
        edited(lambda c: c["events"][0]["actor"].update(name="x")),
        edited(lambda c: c["events"][0]["actor"].update(id=1)),
        edited(lambda c: c["log"][0].update(index=-1)),
        edited(lambda c: c["log"][0]["proof"].append(1)),
        edited(lambda c: c["log"][0]["proof"].append("AAAA")),
    ],
)
def test_what_is_not_of_the_format_is_named_so(text: str) -> None:
    verdict = verify(text, [VKEY])
    assert verdict.fault is Fault.FORMAT
    assert_the_checks_stop_at(verdict, Fault.FORMAT)


def test_what_could_not_be_read_again_is_not_made() -> None:
    events = story()
    with pytest.raises(MalformedBundle):
        make([], [], json.loads(SAMPLE)["checkpoint"])
    with pytest.raises(MalformedBundle):
        make(events, [], "not a checkpoint")
    with pytest.raises(MalformedBundle):
        make([replace(events[0], data={})], [], json.loads(SAMPLE)["checkpoint"])


def test_the_five_steps_of_the_documentation_verify_the_sample_without_this_code() -> None:
    content = json.loads(SAMPLE)
    signed, signatures = content["checkpoint"].split("\n\n")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(VKEY.split("+", 2)[2])[1:])
    key.verify(base64.b64decode(signatures.split()[2])[4:], f"{signed}\n".encode())
    _, size, root = signed.split("\n")
    previous = "0" * 64
    for event, entry in zip(content["events"], content["log"], strict=True):
        assert event["prev_hash"] == previous
        previous = event.pop("hash")
        assert sha256(rfc8785.dumps(event)).hex() == previous
        hashed = sha256(b"\0" + rfc8785.dumps({"hash": previous, "order_id": ORDER, "seq": event["seq"]}))
        proof = [base64.b64decode(each) for each in entry["proof"]]
        assert folded(hashed, entry["index"], int(size), proof) == base64.b64decode(root)


def folded(hashed: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The recursion of RFC 6962 section 2.1.1, read backwards."""
    if size == 1:
        assert not proof
        return hashed
    k = 1
    while 2 * k < size:
        k *= 2
    if index < k:
        return sha256(b"\1" + folded(hashed, index, k, proof[:-1]) + proof[-1])
    return sha256(b"\1" + proof[-1] + folded(hashed, index - k, size - k, proof[:-1]))


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_a_leaf_can_be_made_by_hand_and_says_nothing_of_the_order() -> None:
    assert leaf("ord_1", 2, "ab") == b'{"hash":"ab","order_id":"ord_1","seq":2}'


def test_the_summary_says_who_did_what_and_when() -> None:
    assert summarize(story())[4] == "5. 2026-11-20T18:05:00.000Z: doorstep id checked, by driver drv_7"


def test_a_bundle_is_verified_within_50_milliseconds() -> None:
    best = min(timed(lambda: verify(SAMPLE, [VKEY])) for _ in range(5))
    assert best < 0.05


def timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def test_verifying_loads_no_more_than_cryptography_and_rfc_8785() -> None:
    added = loaded("import shared.dossier.bundle") - loaded("")
    foreign = {name for name in added if name not in sys.stdlib_module_names and not name.startswith("_")}
    assert foreign <= {"shared", "cryptography", "rfc8785", "cffi"}


def loaded(code: str) -> set[str]:
    asked = f"{code}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    return set(answer.stdout.split())


def test_the_command_prints_the_verdict_and_its_exit_code_is_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert verify_file(SAMPLES / "order.json", [VKEY]) == 0
    assert f"The evidence of order {ORDER} holds" in capsys.readouterr().out
    assert verify_file(SAMPLES / "tampered" / "event_actor.json", [VKEY]) == 1
    printed = capsys.readouterr().out
    assert "chain of event 4" in " ".join(printed.split())
    assert "not reached" in printed


@pytest.mark.parametrize(("content", "key"), [(b"\xff", VKEY), (None, VKEY), (SAMPLE.encode(), "no key")])
def test_the_command_says_why_a_file_cannot_be_checked(tmp_path: Path, content: bytes | None, key: str) -> None:
    file = tmp_path / "bundle.json"
    if content is not None:
        file.write_bytes(content)
    assert verify_file(file, [key]) == 1


def test_a_forged_file_does_not_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "bundle.json"
    file.write_text(edited(lambda c: c.update(order_id="\x1b[2J[bold]ord")))
    assert verify_file(file, [VKEY]) == 1
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "[bold]ord" in printed
