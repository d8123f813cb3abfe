"""Checkpoints as C2SP writes them, against the note and key that Go's sumdb/note documents."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.dossier.checkpoint import (
    BadSignature,
    Checkpoint,
    CheckpointError,
    MalformedCheckpoint,
    MalformedKey,
    MalformedNote,
    Signer,
    UnknownKey,
    VerifierKey,
    open_checkpoint,
    sign,
    split,
)

GO_VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SIGNER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
C2SP_EXAMPLE = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
ORIGIN = "cloudrun.example/log"
LOG, NEXT, WITNESS = Signer.generate(ORIGIN), Signer.generate(ORIGIN), Signer.generate("witness.example/1")
HEAD = Checkpoint(ORIGIN, 42, bytes(range(32)))
NOTE = sign(HEAD, [LOG])


def test_keys_and_signatures_are_byte_for_byte_those_of_go() -> None:
    signer = Signer.parse(GO_SIGNER)
    assert str(signer.verifier) == GO_VERIFIER
    assert signer.secret() == GO_SIGNER
    assert signer.signature(GO_TEXT).line() == GO_LINE
    text, (signature,) = split(f"{GO_TEXT}\n{GO_LINE}")
    assert text == GO_TEXT
    assert VerifierKey.parse(GO_VERIFIER).verifies(signature.signature, text)


def test_the_example_of_the_specification_is_read_and_its_key_is_unknown() -> None:
    text, (signature,) = split(C2SP_EXAMPLE)
    assert text.startswith(f"{signature.name}\n20852163\n")
    with pytest.raises(UnknownKey, match="behind-the-sofa"):
        open_checkpoint(C2SP_EXAMPLE, [LOG.verifier])


@given(st.integers(0, 10**19 - 1), st.binary(min_size=32, max_size=32), st.lists(st.sampled_from(["a", "é x", "—"])))
def test_what_is_signed_is_opened(size: int, root: bytes, extensions: list[str]) -> None:
    head = Checkpoint(ORIGIN, size, root, tuple(extensions))
    assert open_checkpoint(sign(head, [LOG]), [LOG.verifier]) == head


def test_while_keys_rotate_either_key_suffices_and_unknown_ones_are_ignored() -> None:
    note = sign(HEAD, [LOG, NEXT, WITNESS])
    for known in ([LOG], [NEXT], [LOG, NEXT], [WITNESS, NEXT]):
        assert open_checkpoint(note, [each.verifier for each in known]) == HEAD
    assert open_checkpoint(NOTE, [LOG.verifier, NEXT.verifier]) == HEAD
    with pytest.raises(UnknownKey):
        open_checkpoint(NOTE, [NEXT.verifier])


def test_a_key_known_for_another_name_does_not_speak_for_the_log() -> None:
    with pytest.raises(UnknownKey):
        open_checkpoint(sign(HEAD, [WITNESS]), [WITNESS.verifier, LOG.verifier])


def test_a_known_keys_bad_signature_spoils_the_note_even_beside_a_good_one() -> None:
    other = replace(HEAD, size=43)
    borrowed = NEXT.signature(other.text()).line()
    with pytest.raises(BadSignature, match=NEXT.verifier.id.hex()):
        open_checkpoint(NOTE + borrowed, [LOG.verifier, NEXT.verifier])
    assert open_checkpoint(NOTE + borrowed, [LOG.verifier]) == HEAD


def test_a_signature_of_the_wrong_length_is_bad() -> None:
    short = replace(LOG.signature(HEAD.text()), signature=b"short")
    with pytest.raises(BadSignature):
        open_checkpoint(f"{HEAD.text()}\n{short.line()}", [LOG.verifier])


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_any_changed_byte_is_caught(at: int, change: int) -> None:
    forged = bytearray(NOTE.encode())
    forged[at] ^= change
    try:
        text = forged.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(CheckpointError):
        open_checkpoint(text, [LOG.verifier])


@pytest.mark.parametrize(
    "note",
    [
        "",
        HEAD.text(),
        f"{HEAD.text()}\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("—", "-"),
        NOTE.replace("\n", "\r\n"),
        NOTE + "— \n",
        NOTE + "— name\n",
        NOTE + "— name AAAA\n",
        NOTE + "— name AAAAAAB=\n",
        NOTE + "— na+me AAAAAAA=\n",
        NOTE + "— na\u00a0me AAAAAAA=\n",
        NOTE + "— na\ud800me AAAAAAA=\n",
        NOTE + "— name ÄÖÜ=\n",
        NOTE + NOTE.split("\n\n")[1] * 100,
    ],
)
def test_what_is_not_a_signed_note_is_named_so(note: str) -> None:
    with pytest.raises(MalformedNote):
        open_checkpoint(note, [LOG.verifier])


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("\n42\n", "\n042\n"),
        ("\n42\n", "\n-42\n"),
        ("\n42\n", "\n٤٢\n"),
        ("\n42\n", "\n\n"),
        ("\n42\n", f"\n{'9' * 5000}\n"),
        (f"{ORIGIN}\n42", "\n42"),
        (f"{ORIGIN}\n42", "42"),
        ("Hh8=\n\n", "Hh9=\n\n"),
        ("Hh8=\n\n", "Hg==\n\n"),
        ("Hh8=\n\n", "Hh8=\n\nextension\n\n"),
    ],
)
def test_a_note_that_is_not_a_checkpoint_is_named_so(good: str, bad: str) -> None:
    assert good in NOTE
    with pytest.raises(MalformedCheckpoint):
        open_checkpoint(NOTE.replace(good, bad, 1), [LOG.verifier])


@pytest.mark.parametrize(
    "head",
    [
        replace(HEAD, origin=""),
        replace(HEAD, origin="two\nlines"),
        replace(HEAD, origin="a\tb"),
        replace(HEAD, size=-1),
        replace(HEAD, root=b"short"),
        replace(HEAD, extensions=("",)),
    ],
)
def test_what_could_not_be_read_again_is_not_signed(head: Checkpoint) -> None:
    with pytest.raises(MalformedCheckpoint):
        sign(head, [LOG])


def test_a_note_without_a_signature_is_not_made() -> None:
    with pytest.raises(MalformedNote):
        sign(HEAD, [])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        GO_VERIFIER.replace("Peter", "Paul"),
        GO_VERIFIER.replace("c74f20a3", "c74f20a4"),
        GO_VERIFIER.replace("c74f20a3", "C74F20A3"),
        GO_VERIFIER.replace("PeterNeumann", "Peter Neumann"),
        GO_VERIFIER.replace("+ARpc", "+ARpd"),
        GO_VERIFIER.replace("+ARpc", "+AhpC"),
        GO_VERIFIER[:-4],
        GO_VERIFIER + "\n",
        GO_SIGNER,
    ],
)
def test_a_text_that_is_not_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(MalformedKey):
        VerifierKey.parse(text)


@pytest.mark.parametrize("text", ["", GO_VERIFIER, GO_SIGNER.replace("c74f20a3", "c74f20a4"), GO_SIGNER[:-4]])
def test_a_text_that_is_not_a_private_key_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(MalformedKey) as refused:
        Signer.parse(text)
    assert "AYEK" not in str(refused.value)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "tab\t"])
def test_a_key_has_a_name_that_a_note_can_carry(name: str) -> None:
    with pytest.raises(MalformedKey):
        Signer.generate(name)


def test_a_private_key_goes_through_its_text_form() -> None:
    assert Signer.parse(LOG.secret()).verifier == LOG.verifier
    assert VerifierKey.parse(str(LOG.verifier)) == LOG.verifier
