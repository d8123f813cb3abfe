"""The evidence of one order in one file, which anyone can check on a laptop with nothing but the log's public key.

It has the order's events, for each of them the proof that its leaf is in the log, and the signed checkpoint that the
proofs lead to. The leaf is the canonical JSON (RFC 8785) of {"hash", "order_id", "seq"}: it tells nothing about the
order, and whoever reads the log sees when two hashes are claimed for one event. No I/O and no clock.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import zip_longest
from typing import Any

import rfc8785

from shared.dossier import chain, merkle
from shared.dossier.chain import Event
from shared.dossier.checkpoint import (
    BadSignature,
    Checkpoint,
    CheckpointError,
    UnknownKey,
    VerifierKey,
    decode,
    encode,
    open_checkpoint,
    parse_text,
    split,
)

FORMAT = "cloudrun-evidence"
VERSION = 1


class Fault(StrEnum):
    """What a bundle can fail by, in the order in which it is checked."""

    FORMAT = "format"
    CHAIN = "chain"
    POLICY = "policy"
    SUMMARY = "summary"
    KEY = "key"
    SIGNATURE = "signature"
    SIZE = "size"
    INCLUSION = "inclusion"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where the leaf of event `seq` is in the log, and its audit path in the checkpoint's tree."""

    seq: int
    index: int
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One check and what it found. `passed` is None when an earlier check failed, so that this one was not made."""

    fault: Fault
    passed: bool | None
    found: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first thing wrong, with the event's number where it is one event's, or none at all."""

    fault: Fault | None
    seq: int | None
    checks: tuple[Check, ...]
    sentence: str

    @property
    def valid(self) -> bool:
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Bundle:
    """The file's content: well formed, with nothing checked. `head` is what the checkpoint's text says."""

    order_id: str
    policy_version: str
    summary: tuple[str, ...]
    events: tuple[Event, ...]
    inclusions: tuple[Inclusion, ...]
    checkpoint: str
    head: Checkpoint


class MalformedBundle(ValueError):
    """Not a file of this format; the text says where."""


def leaf(order_id: str, seq: int, event_hash: str) -> bytes:
    """What the log keeps of an event."""
    return rfc8785.dumps({"order_id": order_id, "seq": seq, "hash": event_hash})


def summarize(events: Sequence[Event]) -> tuple[str, ...]:
    """The events in words, one line each. It is made of them alone, so that verifying can make it again."""
    return tuple(
        f"{event.seq}. {event.at}: {event.type.replace('_', ' ')}, by {event.actor['role']} {event.actor['id']}"
        for event in events
    )


def make(events: Sequence[Event], inclusions: Sequence[Inclusion], checkpoint: str) -> str:
    """The file. The policy version is the one that the order's first event names. Raises MalformedBundle."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "order_id": events[0].order_id if events else "",
        "policy_version": events[0].data.get("policy_version") if events else "",
        "summary": summarize(events),
        "events": [asdict(event) for event in events],
        "log": [
            {"seq": each.seq, "index": each.index, "proof": [encode(node) for node in each.proof]}
            for each in inclusions
        ],
        "checkpoint": checkpoint,
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    read(text)
    return text


def read(text: str) -> Bundle:
    """The content, if it is of this format. Raises MalformedBundle."""
    try:
        content = json.loads(text, object_pairs_hook=_unique)
        rfc8785.dumps(content)
    except (ValueError, RecursionError) as error:
        raise MalformedBundle(f"it is not JSON that reads the same everywhere: {error}") from error
    top = _object(content, "the file", _TOP)
    if (top["format"], top["version"]) != (FORMAT, VERSION):
        raise MalformedBundle(f"it is not {FORMAT} version {VERSION}")
    if not top["events"]:
        raise MalformedBundle("it has no events")
    if not all(isinstance(line, str) for line in top["summary"]):
        raise MalformedBundle("the summary is not lines of text")
    try:
        head = parse_text(split(top["checkpoint"])[0])
    except CheckpointError as error:
        raise MalformedBundle(f"the checkpoint cannot be read: {error}") from error
    return Bundle(
        order_id=top["order_id"],
        policy_version=top["policy_version"],
        summary=tuple(top["summary"]),
        events=tuple(_event(each, f"event {place}") for place, each in enumerate(top["events"], start=1)),
        inclusions=tuple(_inclusion(each, f"log entry {place}") for place, each in enumerate(top["log"], start=1)),
        checkpoint=top["checkpoint"],
        head=head,
    )


def verify(text: str, trusted_vkeys: Iterable[str]) -> Verdict:
    """Check everything, and name the first thing wrong. Raises MalformedKey when a trusted key is not one."""
    known = [VerifierKey.parse(vkey) for vkey in trusted_vkeys]
    try:
        bundle = read(text)
    except MalformedBundle as error:
        return _failed("this file", [], _Wrong(Fault.FORMAT, str(error)))
    checks = [Check(Fault.FORMAT, True, f"{FORMAT} version {VERSION}")]
    try:
        checks.extend(_examine(bundle, known))
    except _Wrong as wrong:
        return _failed(f"order {bundle.order_id}", checks, wrong)
    last, head = bundle.events[-1], bundle.head
    sentence = (
        f"The evidence of order {bundle.order_id} holds: its {len(bundle.events)} events, up to {last.type} at "
        f"{last.at}, are unchanged since the log {head.origin} had {head.size} entries."
    )
    return Verdict(None, None, tuple(checks), sentence)


class _Wrong(Exception):
    """A check that does not hold."""

    def __init__(self, fault: Fault, found: str, seq: int | None = None) -> None:
        super().__init__(found)
        self.fault, self.found, self.seq = fault, found, seq


def _examine(bundle: Bundle, known: Sequence[VerifierKey]) -> Iterator[Check]:
    """Each check that holds, then _Wrong at the first that does not."""
    links = chain.verify(bundle.order_id, bundle.events)
    if links.first_broken is not None:
        raise _Wrong(Fault.CHAIN, links.first_broken.reason, links.first_broken.seq)
    yield Check(Fault.CHAIN, True, f"{links.length} events, the last hash is {links.head_hash}")
    if bundle.policy_version != bundle.events[0].data.get("policy_version"):
        raise _Wrong(Fault.POLICY, "it is not the version that the first event names", 1)
    yield Check(Fault.POLICY, True, f"{bundle.policy_version}, as the first event says")
    if bundle.summary != summarize(bundle.events):
        raise _Wrong(Fault.SUMMARY, "it is not what the events say")
    yield Check(Fault.SUMMARY, True, "it is what the events say")
    try:
        open_checkpoint(bundle.checkpoint, known)
    except UnknownKey as error:
        raise _Wrong(Fault.KEY, str(error)) from error
    except BadSignature as error:
        yield Check(Fault.KEY, True, "a trusted key is named")
        raise _Wrong(Fault.SIGNATURE, str(error)) from error
    yield Check(Fault.KEY, True, f"a trusted key of {bundle.head.origin}")
    yield Check(Fault.SIGNATURE, True, "it fits the checkpoint")
    for each in bundle.inclusions:
        if each.index >= bundle.head.size:
            found = f"the checkpoint covers {bundle.head.size} entries, and entry {each.index} is not among them"
            raise _Wrong(Fault.SIZE, found, each.seq)
    yield Check(Fault.SIZE, True, f"the checkpoint covers {bundle.head.size} entries")
    _check_inclusion(bundle)
    yield Check(Fault.INCLUSION, True, f"all {links.length} events are in the log")


def _check_inclusion(bundle: Bundle) -> None:
    for event, entry in zip_longest(bundle.events, bundle.inclusions):
        if entry is None:
            raise _Wrong(Fault.INCLUSION, "no proof is given", event.seq)
        if event is None or entry.seq != event.seq:
            raise _Wrong(Fault.INCLUSION, "a proof is given where that event is not", entry.seq)
        hashed = merkle.leaf_hash(leaf(event.order_id, event.seq, event.hash))
        if not merkle.verify_inclusion(hashed, entry.index, bundle.head.size, entry.proof, bundle.head.root):
            raise _Wrong(Fault.INCLUSION, f"its proof does not lead from entry {entry.index} to the root", event.seq)


def _failed(subject: str, held: Sequence[Check], wrong: _Wrong) -> Verdict:
    later = list(Fault)[len(held) + 1 :]
    checks = (*held, Check(wrong.fault, False, wrong.found), *(Check(each, None, "not reached") for each in later))
    where = wrong.fault if wrong.seq is None else f"{wrong.fault} of event {wrong.seq}"
    return Verdict(wrong.fault, wrong.seq, checks, f"The evidence of {subject} does not hold: {where}: {wrong.found}.")


_TOP: dict[str, type] = {
    "format": str,
    "version": int,
    "order_id": str,
    "policy_version": str,
    "summary": list,
    "events": list,
    "log": list,
    "checkpoint": str,
}
_EVENT: dict[str, type] = {
    "order_id": str,
    "seq": int,
    "type": str,
    "at": str,
    "actor": dict,
    "data": dict,
    "prev_hash": str,
    "hash": str,
}
_ACTOR: dict[str, type] = {"role": str, "id": str}
_ENTRY: dict[str, type] = {"seq": int, "index": int, "proof": list}


def _event(value: Any, where: str) -> Event:
    known = _object(value, where, _EVENT)
    _object(known["actor"], f"the actor of {where}", _ACTOR)
    return Event(**known)


def _inclusion(value: Any, where: str) -> Inclusion:
    known = _object(value, where, _ENTRY)
    proof = [decode(node) if isinstance(node, str) else None for node in known["proof"]]
    nodes = tuple(node for node in proof if node is not None and len(node) == merkle.HASH_SIZE)
    if len(nodes) != len(proof) or known["index"] < 0:
        raise MalformedBundle(f"{where} is not an index and base64 hashes")
    return Inclusion(known["seq"], known["index"], nodes)


def _object(value: Any, where: str, shape: dict[str, type]) -> dict[str, Any]:
    """Exactly these members of exactly these types; JSON's true is not the number 1 here."""
    if type(value) is not dict or value.keys() != shape.keys():
        raise MalformedBundle(f"{where} does not have exactly the members {', '.join(shape)}")
    for name, kind in shape.items():
        if type(value[name]) is not kind:
            raise MalformedBundle(f"{where} has a {name} of the wrong type")
    return value


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """RFC 8785 section 3.1 requires I-JSON, in which no name appears twice (RFC 7493 section 2.3)."""
    content = dict(members)
    if len(content) != len(members):
        raise MalformedBundle("a name appears twice in one object")
    return content
