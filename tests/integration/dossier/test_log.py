"""The transparency log on real Postgres: every event once, proofs over HTTP, evidence files, a witness, the archive."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.witness.memory import Memory
from infra.witness.server import serve
from shared.archive.embedded import FolderArchive
from shared.archive.protocol import AlreadyArchived
from shared.dossier import bundle, log, merkle, tiles
from shared.dossier.checkpoint import Signer, VerifierKey, decode, open_checkpoint
from shared.dossier.publication import WitnessUnavailable
from shared.dossier.witness import Head, cosigned_at
from shared.dossier.witness_client import HttpWitness
from shared.wiring import evidence
from shared.wiring.storage import unit_of_work
from tests.fixtures.http import LOG_KEY, refused, taken
from tests.fixtures.world import World

CHORE = "/internal/maintenance/sign_checkpoint"
KNOWN = [LOG_KEY.verifier]


def chore(world: World) -> dict[str, int]:
    return dict(taken(world.platform.post(CHORE, {})))


def head(world: World) -> str:
    return str(world.api.get("/v1/transparency/checkpoint").get_data(as_text=True))


def proof_of(problem: dict[str, list[str]]) -> list[bytes]:
    return [node for node in map(decode, problem["proof"]) if node is not None]


def test_every_event_gets_one_place_however_often_the_chore_runs(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    first = chore(world)
    assert first["appended"] == world.one("SELECT count(*) AS n FROM dossier_events")["n"] > 5
    assert chore(world) == {"appended": 0, "signed": False, "cosigned": 0, "archived": 0}
    world.an_order()
    assert chore(world)["signed"]
    entries = world.rows("SELECT index, order_id, seq, hash FROM log_entries ORDER BY index")
    assert [entry["index"] for entry in entries] == list(range(len(entries)))
    events = world.rows("SELECT order_id, seq, hash FROM dossier_events")
    assert {(e["order_id"], e["seq"], e["hash"]) for e in entries} == {
        (e["order_id"], e["seq"], e["hash"]) for e in events
    }
    leaves = [merkle.leaf_hash(bundle.leaf(e["order_id"], e["seq"], e["hash"])) for e in entries]
    assert open_checkpoint(head(world), KNOWN).root == merkle.root(leaves)
    assert world.verdict(order["id"])["valid"]


def test_writers_that_run_at_once_give_every_event_one_place(world: World) -> None:
    for _ in range(3):
        world.an_order()

    def grow() -> int:
        with unit_of_work() as work:
            return log.grow(work)

    with ThreadPoolExecutor(4) as threads:
        moved = sum(future.result() for future in [threads.submit(grow) for _ in range(4)])
    assert moved == world.one("SELECT count(*) AS n FROM dossier_events")["n"]
    assert world.one("SELECT size FROM log_head")["size"] == moved
    assert world.one("SELECT count(*) AS n FROM log_queue")["n"] == 0


def test_a_writer_that_dies_leaves_the_queue_as_it_was(world: World) -> None:
    world.an_order()
    waiting = world.one("SELECT count(*) AS n FROM log_queue")["n"]

    class Died(Exception):
        pass

    def die() -> None:
        with unit_of_work() as work:
            work.run("SELECT size FROM log_head FOR UPDATE")
            work.run("DELETE FROM log_queue")
            raise Died

    with pytest.raises(Died):
        die()
    assert world.one("SELECT count(*) AS n FROM log_queue")["n"] == waiting > 0
    assert chore(world)["appended"] == waiting


def test_proofs_over_http_verify_between_any_two_checkpoints(world: World) -> None:
    world.a_delivered_order()
    chore(world)
    early = open_checkpoint(head(world), KNOWN)
    world.a_delivered_order()
    chore(world)
    late = open_checkpoint(head(world), KNOWN)
    proof = taken(world.api.get("/v1/transparency/proof/consistency", first=early.size, second=late.size))
    assert merkle.verify_consistency(early.size, late.size, early.root, late.root, proof_of(proof))
    entry = world.one("SELECT * FROM log_entries WHERE index = 3")
    leaf = merkle.leaf_hash(bundle.leaf(entry["order_id"], entry["seq"], entry["hash"]))
    for checkpoint in (early, late):
        shown = taken(world.api.get("/v1/transparency/proof/inclusion", index=3, size=checkpoint.size))
        assert merkle.verify_inclusion(leaf, 3, checkpoint.size, proof_of(shown), checkpoint.root)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("inclusion", {"index": 0, "size": 10_000}),
        ("inclusion", {"index": 5, "size": 5}),
        ("inclusion", {"index": -1, "size": 1}),
        ("consistency", {"first": 3, "second": 2}),
        ("consistency", {"first": 0, "second": 10_000}),
        ("consistency", {"first": "x", "second": 1}),
    ],
)
def test_what_the_log_has_not_is_not_proved(world: World, path: str, query: dict[str, int]) -> None:
    world.a_delivered_order()
    chore(world)
    problem = refused(world.api.get(f"/v1/transparency/proof/{path}", **query), 422, "invalid_input")
    assert problem["errors"][0]["field"].startswith("query.")


def test_a_log_that_was_never_signed_has_no_checkpoint(world: World) -> None:
    problem = refused(world.api.get("/v1/transparency/checkpoint"), 404, "not_found")
    assert "within a minute" in problem["detail"]


def test_a_tile_is_served_for_ever_and_one_that_is_not_there_yet_is_not(world: World) -> None:
    world.a_delivered_order()
    chore(world)
    size = open_checkpoint(head(world), KNOWN).size
    answer = world.api.get(f"/v1/transparency/tile/0/000.p/{size}")
    hashes = answer.get_data()
    assert "immutable" in answer.headers["Cache-Control"]
    assert (
        merkle.root(hashes[n : n + 32] for n in range(0, len(hashes), 32)) == open_checkpoint(head(world), KNOWN).root
    )
    missing = refused(world.api.get("/v1/transparency/tile/0/000"), 404, "not_found")
    malformed = refused(world.api.get("/v1/transparency/tile/0/0"), 404, "not_found")
    assert missing["detail"] != malformed["detail"]


def test_the_evidence_file_of_an_order_verifies_with_the_public_key_alone(world: World) -> None:
    order, _driver, _task = world.a_delivered_order()
    refused(world.admin.get(f"/v1/orders/{order['id']}/dossier/bundle"), 409, "not_yet_signed")
    chore(world)
    answer = world.admin.get(f"/v1/orders/{order['id']}/dossier/bundle")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{order["id"]}.bundle.json"'
    verdict = bundle.verify(answer.get_data(as_text=True), [str(LOG_KEY.verifier)])
    assert verdict.valid, verdict.sentence
    stranger = bundle.verify(answer.get_data(as_text=True), [str(Signer.generate(LOG_KEY.name).verifier)])
    assert stranger.fault == bundle.Fault.KEY


def test_a_dossier_made_anew_by_the_owner_of_the_database_does_not_verify(world: World) -> None:
    """Every hash recomputed, and the entry in the log's table too: the signed root still knows."""
    order, _driver, _task = world.a_delivered_order()
    chore(world)
    honest = json.loads(world.admin.get(f"/v1/orders/{order['id']}/dossier/bundle").get_data(as_text=True))
    world.connection.command("SET session_replication_role = replica")
    world.rows(
        "UPDATE dossier_events SET hash = repeat('a', 64) WHERE order_id = :id AND seq = :seq",
        id=order["id"],
        seq=len(honest["events"]),
    )
    world.rows("UPDATE log_entries SET hash = repeat('a', 64) WHERE order_id = :id", id=order["id"])
    world.connection.command("SET session_replication_role = origin")
    text = world.admin.get(f"/v1/orders/{order['id']}/dossier/bundle").get_data(as_text=True)
    verdict = bundle.verify(text, [str(LOG_KEY.verifier)])
    assert (verdict.fault, verdict.seq) == (bundle.Fault.CHAIN, len(honest["events"]))


def test_a_customer_and_a_stranger_get_no_evidence_file(world: World) -> None:
    order = world.an_order()
    refused(world.customer.get(f"/v1/orders/{order['id']}/dossier/bundle"), 403, "forbidden")
    refused(world.api.get(f"/v1/orders/{order['id']}/dossier/bundle"), 401, "unauthenticated")
    missing = refused(world.admin.get("/v1/orders/ord_unknown/dossier/bundle"), 404, "not_found")
    assert "ord_unknown" in missing["detail"]


def test_the_archive_alone_proves_every_entry(world: World, tmp_path: Path) -> None:
    world.a_delivered_order()
    chore(world)
    world.a_delivered_order()
    assert chore(world)["archived"] == 1
    archive = FolderArchive(tmp_path / "archive")
    sizes = sorted(int(file.name) for file in (tmp_path / "archive/checkpoint").iterdir())
    assert len(sizes) == 2
    note = archive.get(f"checkpoint/{sizes[-1]}")
    assert note is not None
    checkpoint = open_checkpoint(note.decode(), KNOWN)
    hashes = archive.get(f"tile/0/000.p/{checkpoint.size}")
    entries = archive.get(f"tile/entries/000.p/{checkpoint.size}")
    assert hashes is not None
    assert entries is not None
    leaves = list(split_entries(entries))
    assert [merkle.leaf_hash(leaf) for leaf in leaves] == [hashes[n : n + 32] for n in range(0, len(hashes), 32)]
    assert merkle.root(map(merkle.leaf_hash, leaves)) == checkpoint.root


def split_entries(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 2], "big")
        yield data[at + 2 : at + 2 + length]
        at += 2 + length


def test_the_archive_never_changes_what_it_keeps(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    archive.put("a/b", b"one")
    archive.put("a/b", b"one")
    with pytest.raises(AlreadyArchived):
        archive.put("a/b", b"two")
    assert archive.get("a/b") == b"one"
    assert archive.get("a/c") is None
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["b"], "no draft is left behind"


@dataclass
class RunningWitness:
    url: str
    key: VerifierKey


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[RunningWitness]:
    signer = Signer.generate("witness.example/one")
    memory = Memory(tmp_path / "witness.sqlite")
    server = serve("127.0.0.1", 0, signer, {LOG_KEY.name: [LOG_KEY.verifier]}, memory)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield RunningWitness(f"http://127.0.0.1:{server.server_address[1]}", signer.verifier)
    server.shutdown()
    thread.join()
    server.server_close()
    memory.close()


def with_witness(monkeypatch: pytest.MonkeyPatch, *witnesses: RunningWitness) -> None:
    monkeypatch.setenv("WITNESSES", " ".join(f"{each.url} {each.key}" for each in witnesses))
    evidence.witnesses.cache_clear()


def test_a_witness_cosigns_every_checkpoint_and_its_cosignature_is_published(
    world: World, witness: RunningWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.an_order()
    chore(world)
    with_witness(monkeypatch, witness)
    assert chore(world)["cosigned"] == 1, "a witness that joins later cosigns what stands"
    world.a_delivered_order()
    assert chore(world)["cosigned"] == 1
    note = head(world)
    assert cosigned_at(note, witness.key) is not None
    assert open_checkpoint(note, KNOWN).size == world.one("SELECT size FROM log_head")["size"]


def test_a_witness_that_is_away_holds_nothing_up_and_catches_up(
    world: World, witness: RunningWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_witness(monkeypatch, RunningWitness("http://127.0.0.1:9", witness.key))
    world.an_order()
    assert chore(world) == {"appended": 1, "signed": True, "cosigned": 0, "archived": 1}
    with_witness(monkeypatch, witness)
    world.an_order()
    assert chore(world)["cosigned"] == 1
    assert cosigned_at(head(world), witness.key) is not None


def test_a_witness_refuses_a_log_that_was_rewritten(
    world: World,
    witness: RunningWitness,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with_witness(monkeypatch, witness)
    world.a_delivered_order()
    assert chore(world)["cosigned"] == 1
    for statement in (
        "TRUNCATE log_entries, log_tiles, log_checkpoints",
        "UPDATE log_head SET size = 0, frontier = decode('0000000000000000', 'hex')",
        "INSERT INTO log_queue SELECT order_id, seq, repeat('b', 64) FROM dossier_events",
    ):
        world.connection.command(statement)
    world.an_order()
    monkeypatch.setenv("ARCHIVE_DIR", str(tmp_path / "rewritten too"))
    evidence.archive.cache_clear()
    assert chore(world)["cosigned"] == 0
    assert "did not cosign" in caplog.text
    assert cosigned_at(head(world), witness.key) is None


def test_a_witness_answers_http_as_its_specification_says(witness: RunningWitness) -> None:
    stranger = HttpWitness(witness.url + "/nowhere", witness.key)
    with pytest.raises(WitnessUnavailable, match="404"):
        stranger.add_checkpoint(0, [], "x")
    with pytest.raises(WitnessUnavailable, match="400"):
        HttpWitness(witness.url, witness.key).add_checkpoint(0, [], "x")


def test_a_witness_remembers_after_it_starts_again(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "memory")
    memory.advance("log.example", lambda seen: Head(3, b"r" * 32))
    memory.close()
    again = Memory(tmp_path / "memory")
    seen: list[dict[str, Head]] = []
    again.advance("log.example", lambda before: seen.append(before) or Head(4, b"s" * 32))
    again.close()
    assert seen == [{"log.example": Head(3, b"r" * 32)}]


def test_tiles_in_the_database_are_those_of_the_tree(world: World) -> None:
    for _ in range(3):
        world.a_delivered_order()
        chore(world)
    entries = world.rows("SELECT order_id, seq, hash FROM log_entries ORDER BY index")
    frontier = merkle.Frontier()
    leaves = [merkle.leaf_hash(bundle.leaf(e["order_id"], e["seq"], e["hash"])) for e in entries]
    expected = tiles.added(node for leaf in leaves for node in frontier.append(leaf))
    kept = {(r["level"], r["index"]): bytes(r["hashes"]) for r in world.rows("SELECT * FROM log_tiles")}
    assert kept == expected
