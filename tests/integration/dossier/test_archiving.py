"""The evidence of ended orders in the archive: one file each, whole, checked, and never changed."""

import sys
from pathlib import Path

import pytest

from jobs import archive_orders
from shared.dossier import bundle
from tests.fixtures.http import LOG_KEY, taken
from tests.fixtures.world import World
from tests.integration.dossier.test_tampering import tamper

DAY = "2026-11-20"


@pytest.fixture(autouse=True)
def of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["archive_orders", "--day", DAY])


def sign(world: World) -> None:
    taken(world.platform.post("/internal/maintenance/sign_checkpoint", {}))


def counts(capsys: pytest.CaptureFixture[str]) -> list[int]:
    """Archived, there already, unsigned, broken."""
    return [int(line.split()[0]) for line in capsys.readouterr().out.splitlines()[-4:]]


def files(folder: Path) -> dict[str, str]:
    return {file.name.split(".")[0]: file.read_text() for file in (folder / "archive/evidence" / DAY).iterdir()}


def test_every_ended_order_leaves_one_file_that_holds(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    delivered, _driver, _task = world.a_delivered_order()
    world.an_order()
    sign(world)
    archive_orders.main()
    assert counts(capsys) == [1, 0, 0, 0], "the other order is still under way"
    kept = files(tmp_path)
    assert kept.keys() == {delivered["id"]}
    assert bundle.verify(kept[delivered["id"]], [str(LOG_KEY.verifier)]).valid
    assert kept[delivered["id"]] == world.admin.get(f"/v1/orders/{delivered['id']}/dossier/bundle").get_data(
        as_text=True
    )


def test_what_is_archived_stays_as_it_is_while_the_log_grows(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world.a_delivered_order()
    sign(world)
    archive_orders.main()
    before = files(tmp_path)
    second, _driver, _task = world.a_delivered_order()
    archive_orders.main()
    assert counts(capsys) == [0, 1, 1, 0], "the new order's events are not signed yet"
    sign(world)
    archive_orders.main()
    assert counts(capsys) == [1, 1, 0, 0]
    after = files(tmp_path)
    assert after.keys() - before.keys() == {second["id"]}
    assert after.items() >= before.items()


def test_evidence_that_does_not_hold_is_not_archived_and_fails_the_job(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order, _driver, _task = world.a_delivered_order()
    sign(world)
    tamper(
        world, "UPDATE dossier_events SET at = '2026-11-20T18:00:01.000Z' WHERE order_id = :id AND seq = 2", order["id"]
    )
    with pytest.raises(SystemExit, match="does not hold"):
        archive_orders.main()
    assert counts(capsys) == [0, 0, 0, 1]
    assert not (tmp_path / "archive/evidence").exists()
