import gzip
import json
import sys
from pathlib import Path

import pytest

from jobs import import_roads
from shared.routing.roads import load_roads
from tests.unit.routing.networks import crossroads


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    streets, roads = tmp_path / "made" / "streets.geojson.gz", tmp_path / "made" / "roads.npz"
    monkeypatch.setenv("STREETS_FILE", str(streets))
    monkeypatch.setenv("ROADS_FILE", str(roads))
    return streets, roads


def run(monkeypatch: pytest.MonkeyPatch, *arguments: Path) -> None:
    monkeypatch.setattr(sys, "argv", ["cloudrun job import_roads", *map(str, arguments)])
    import_roads.main()


def test_an_extract_becomes_streets_to_draw_and_a_network(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, crossroads().write(tmp_path / "made.osm.pbf"))
    streets, roads = files
    assert len(json.loads(gzip.decompress(streets.read_bytes()))["features"]) == 6
    assert len(load_roads(roads).lat) == 5
    said = capsys.readouterr().out
    assert "© OpenStreetMap contributors" in said
    assert "5 junctions" in said


def test_a_file_that_is_no_extract_ends_with_a_sentence(
    files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, words in ((tmp_path / "nowhere.osm.pbf", "does not exist"), (Path(__file__), "cannot be read")):
        with pytest.raises(SystemExit, match=words):
            run(monkeypatch, file)
    assert not any(file.exists() for file in files)


def test_a_folder_that_cannot_be_written_ends_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    monkeypatch.setenv("STREETS_FILE", str(tmp_path / "taken" / "streets.geojson.gz"))
    with pytest.raises(SystemExit, match="cannot be written"):
        run(monkeypatch, crossroads().write(tmp_path / "made.osm.pbf"))
