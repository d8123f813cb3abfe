"""Makes the sample evidence file and its tampered twins, with keys that exist for tests alone.

After a deliberate change of the format, `python -m tests.unit.dossier.samples.make` writes them anew.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.dossier.bundle import Fault, Inclusion, leaf, make
from shared.dossier.chain import GENESIS, Event, link
from shared.dossier.checkpoint import Checkpoint, Signer, sign
from shared.dossier.merkle import Frontier, leaf_hash, plan_inclusion

SAMPLES = Path(__file__).parent
ORIGIN = "cloudrun.example/test-log"
ORDER = "ord_01JCZ0000000000000000000S1"


def signer_for_tests(word: str) -> Signer:
    seed = hashlib.sha256(f"{word}: a key for tests only".encode()).digest()
    return Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(seed))


LOG, NEXT, STRANGER = (signer_for_tests(word) for word in ("log", "next", "stranger"))
VKEY = str(LOG.verifier)

STORY: list[tuple[str, str, str, dict[str, Any]]] = [
    (
        "order_created",
        "customer",
        "cus_1",
        {"status": "age_pending", "total_minor": 4590, "currency": "EUR", "policy_version": "DE-2026-01"},
    ),
    ("age_verified", "platform", "platform", {"provider": "onfido", "minimum_age": 18, "reference": "chk_9"}),
    ("order_accepted", "merchant", "mer_1", {"status": "accepted"}),
    ("goods_picked_up", "driver", "drv_7", {"status": "en_route"}),
    ("doorstep_id_checked", "driver", "drv_7", {"of_age": True, "expired": False, "note": "Größe passt – ✓"}),
    ("order_delivered", "driver", "drv_7", {"status": "delivered"}),
]


def story(changed: Callable[[int, dict[str, Any]], dict[str, Any]] = lambda seq, data: data) -> list[Event]:
    events: list[Event] = []
    for seq, (kind, role, actor, data) in enumerate(STORY, start=1):
        previous = events[-1].hash if events else GENESIS
        at = f"2026-11-20T18:{seq:02d}:00.000Z"
        events.append(link(ORDER, seq, kind, at, {"role": role, "id": actor}, changed(seq, dict(data)), previous))
    return events


def others(place: int) -> bytes:
    return leaf_hash(leaf(f"ord_other_{place}", 1, hashlib.sha256(str(place).encode()).hexdigest()))


def evidence(events: list[Event], signers: list[Signer], covered: int = 29) -> str:
    """A bundle from a log of 29 entries, in which each event of the order is followed by three of other orders."""
    hashes = [
        leaf_hash(leaf(ORDER, place // 4 + 1, events[place // 4].hash))
        if place % 4 == 0 and place // 4 < len(events)
        else others(place)
        for place in range(29)
    ]
    frontier = Frontier()
    nodes = dict(node for each in hashes for node in frontier.append(each))
    head = Frontier()
    for each in hashes[:covered]:
        head.append(each)
    inclusions = [
        Inclusion(event.seq, place, tuple(plan_inclusion(place, 29).prove(nodes.__getitem__)))
        for place, event in zip(range(0, 29, 4), events, strict=False)
    ]
    return make(events, inclusions, sign(Checkpoint(ORIGIN, covered, head.root()), signers))


SAMPLE = evidence(story(), [LOG])


def edited(change: Callable[[dict[str, Any]], object], text: str = SAMPLE) -> str:
    content = json.loads(text)
    change(content)
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def in_checkpoint(old: str, new: str) -> str:
    assert old in json.loads(SAMPLE)["checkpoint"]
    return edited(lambda content: content.update(checkpoint=content["checkpoint"].replace(old, new)))


def with_inclusions_of(text: str) -> Callable[[dict[str, Any]], object]:
    """The log's part of one bundle under the events of another."""
    genuine = json.loads(text)
    return lambda content: content.update(log=genuine["log"], checkpoint=genuine["checkpoint"])


def first_letter_changed(text: str) -> str:
    return ("B" if text[0] == "A" else "A") + text[1:]


def rewritten(seq: int, data: dict[str, Any]) -> dict[str, Any]:
    return data | {"of_age": False} if seq == 5 else data


def stripped_of(seq: int) -> Callable[[dict[str, Any]], object]:
    def change(content: dict[str, Any]) -> None:
        for name in ("events", "log", "summary"):
            del content[name][seq - 1]

    return change


ROOT = json.loads(SAMPLE)["checkpoint"].split("\n")[2]

TWINS: dict[str, tuple[str, Fault, int | None]] = {
    "event_data": (edited(lambda c: c["events"][0]["data"].update(total_minor=4591)), Fault.CHAIN, 1),
    "event_type": (edited(lambda c: c["events"][4].update(type="doorstep_id_waived")), Fault.CHAIN, 5),
    "event_time": (edited(lambda c: c["events"][5].update(at="2026-11-20T18:06:00.001Z")), Fault.CHAIN, 6),
    "event_actor": (edited(lambda c: c["events"][3]["actor"].update(id="drv_8")), Fault.CHAIN, 4),
    "event_hash": (edited(lambda c: c["events"][2].update(hash="f" * 64)), Fault.CHAIN, 3),
    "event_prev_hash": (edited(lambda c: c["events"][2].update(prev_hash="f" * 64)), Fault.CHAIN, 3),
    "event_order_id": (edited(lambda c: c["events"][1].update(order_id="ord_2")), Fault.CHAIN, 2),
    "event_removed": (edited(stripped_of(3)), Fault.CHAIN, 3),
    "order_id": (edited(lambda c: c.update(order_id="ord_2")), Fault.CHAIN, 1),
    "policy_version": (edited(lambda c: c.update(policy_version="DE-2027-01")), Fault.POLICY, 1),
    "summary": (edited(lambda c: c["summary"].pop()), Fault.SUMMARY, None),
    "checkpoint_root": (in_checkpoint(ROOT, first_letter_changed(ROOT)), Fault.SIGNATURE, None),
    "checkpoint_size": (in_checkpoint("\n29\n", "\n28\n"), Fault.SIGNATURE, None),
    "checkpoint_origin": (in_checkpoint(f"{ORIGIN}\n", "cloudrun.example/other\n"), Fault.SIGNATURE, None),
    "checkpoint_key": (in_checkpoint(f"— {ORIGIN}", "— cloudrun.example/other"), Fault.KEY, None),
    "checkpoint_of_a_stranger": (evidence(story(), [STRANGER]), Fault.KEY, None),
    "checkpoint_too_early": (evidence(story(), [LOG], covered=20), Fault.SIZE, 6),
    "log_index": (edited(lambda c: c["log"][1].update(index=5)), Fault.INCLUSION, 2),
    "log_proof": (
        edited(lambda c: c["log"][2]["proof"].append(first_letter_changed(c["log"][2]["proof"].pop()))),
        Fault.INCLUSION,
        3,
    ),
    "log_entry_renumbered": (edited(lambda c: c["log"][1].update(seq=7)), Fault.INCLUSION, 7),
    "log_entry_removed": (edited(lambda c: c["log"].pop()), Fault.INCLUSION, 6),
    "log_entry_left_of_a_cut_off_event": (
        edited(lambda c: (c["events"].pop(), c["summary"].pop())),
        Fault.INCLUSION,
        6,
    ),
    "rewritten_and_chained_anew": (
        edited(with_inclusions_of(SAMPLE), evidence(story(rewritten), [LOG])),
        Fault.INCLUSION,
        5,
    ),
    "signature": (
        edited(lambda c: c.update(checkpoint=c["checkpoint"][:-6] + first_letter_changed(c["checkpoint"][-6:]))),
        Fault.SIGNATURE,
        None,
    ),
    "format": (edited(lambda c: c.update(version=2)), Fault.FORMAT, None),
}


def write_samples() -> None:
    (SAMPLES / "tampered").mkdir(parents=True, exist_ok=True)
    (SAMPLES / "order.json").write_text(SAMPLE)
    (SAMPLES / "test-log.vkey").write_text(f"{VKEY}\n")
    (SAMPLES / "test-log.key").write_text(f"{LOG.secret()}\n")
    for name, (text, _, _) in TWINS.items():
        (SAMPLES / "tampered" / f"{name}.json").write_text(text)


if __name__ == "__main__":
    write_samples()
