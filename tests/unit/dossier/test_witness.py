"""A witness cosigns what continues the last checkpoint that it cosigned, and nothing else."""

import hashlib

import pytest

from shared.dossier.checkpoint import Checkpoint, Signer, VerifierKey, sign, split
from shared.dossier.merkle import Frontier, Node, plan_consistency, root
from shared.dossier.witness import (
    Head,
    Refused,
    Request,
    cosign,
    cosigned_at,
    examine,
    read_request,
    write_request,
)

ORIGIN = "log.example/market"
LOG, WITNESS = Signer.generate(ORIGIN), Signer.generate("witness.example/one")
LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(50)]
NODES: dict[Node, bytes] = {}
_frontier = Frontier()
for _leaf in LEAVES:
    NODES.update(_frontier.append(_leaf))


def note(size: int, signer: Signer = LOG, leaves: list[bytes] = LEAVES) -> str:
    return sign(Checkpoint(signer.name, size, root(leaves[:size])), [signer])


def request(old: int, size: int) -> Request:
    return Request(old, tuple(plan_consistency(old, size).prove(NODES.__getitem__)), note(size))


def known(signer: Signer = LOG) -> dict[str, list[VerifierKey]]:
    return {signer.name: [signer.verifier]}


def seen(size: int) -> dict[str, Head]:
    return {ORIGIN: Head(size, root(LEAVES[:size]))}


@pytest.mark.parametrize(("old", "size"), [(0, 1), (0, 37), (1, 2), (20, 21), (32, 50), (37, 37)])
def test_a_continuation_is_accepted(old: int, size: int) -> None:
    checkpoint = examine(request(old, size), known(), seen(old) if old else {})
    assert (checkpoint.size, checkpoint.root) == (size, root(LEAVES[:size]))


def test_a_request_survives_its_text_form() -> None:
    asked = request(20, 37)
    assert len(asked.proof) > 2
    assert read_request(write_request(asked.old, asked.proof, asked.note)) == asked


def test_another_history_of_the_same_size_is_refused() -> None:
    forged = [*LEAVES[:10], b"\0" * 32, *LEAVES[11:]]
    with pytest.raises(Refused) as refused:
        examine(Request(20, (), note(20, leaves=forged)), known(), seen(20))
    assert (refused.value.status, refused.value.text) == (409, "20\n")


def test_another_history_that_grew_is_refused_whatever_proof_it_brings() -> None:
    forged = [*LEAVES[:10], b"\0" * 32, *LEAVES[11:]]
    with pytest.raises(Refused) as refused:
        examine(Request(20, request(20, 37).proof, note(37, leaves=forged)), known(), seen(20))
    assert refused.value.status == 422


def test_a_smaller_tree_is_refused_with_the_size_that_was_seen() -> None:
    with pytest.raises(Refused) as refused:
        examine(request(10, 12), known(), seen(20))
    assert (refused.value.status, refused.value.text) == (409, "20\n")


def test_an_old_size_above_the_new_one_is_bad() -> None:
    with pytest.raises(Refused) as refused:
        examine(Request(21, (), note(20)), known(), seen(21))
    assert refused.value.status == 400


def test_a_log_that_is_not_known_and_a_key_that_is_not_its_own_are_told_apart() -> None:
    other = Signer.generate("other.example")
    with pytest.raises(Refused) as unknown:
        examine(Request(0, (), note(5, other)), known(), {})
    with pytest.raises(Refused) as unsigned:
        examine(Request(0, (), note(5, Signer.generate(ORIGIN))), known(), {})
    assert (unknown.value.status, unsigned.value.status) == (404, 403)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "old 1",
        "old -1\n\n" + note(3),
        "old 01\n\n" + note(3),
        "old 1\nnot base64\n\n" + note(3),
        "old 1\nAAAA\n\n" + note(3),
        "old 1\n" + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + "\n" + note(3),
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        read_request(text)
    assert refused.value.status == 400


def test_a_note_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        examine(Request(0, (), "no note"), known(), {})
    assert refused.value.status == 400


def test_a_cosignature_says_when_and_holds_for_this_text_alone() -> None:
    plain = note(20)
    line = cosign(split(plain)[0], WITNESS, 1_800_000_000).line()
    assert cosigned_at(plain + line, WITNESS.verifier) == 1_800_000_000
    assert cosigned_at(plain, WITNESS.verifier) is None
    assert cosigned_at(note(21) + line, WITNESS.verifier) is None
    assert cosigned_at(plain + line, Signer.generate(WITNESS.name).verifier) is None
    moved = cosign(split(plain)[0], WITNESS, 1_800_000_001)
    at_another_time = type(moved)(moved.name, moved.key_id, (1_800_000_002).to_bytes(8, "big") + moved.signature[8:])
    assert cosigned_at(plain + at_another_time.line(), WITNESS.verifier) is None
