"""The page that shows evidence to people: everything in the file, nothing from elsewhere, and broken evidence as broken."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from infra.verify import verify as verify_file
from tests.unit.dossier.samples.make import ORDER, SAMPLE, SAMPLES, VKEY, edited, story


class Texts(HTMLParser):
    """The visible texts of a page, and the tags that it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.tags, self._silent = "", set[str](), False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self._silent = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words += data


def shown(content: str, folder: Path) -> tuple[int, str, Texts]:
    """Exit code, the page, and what is in it."""
    (folder / "order.json").write_text(content)
    code = verify_file(folder / "order.json", [VKEY], folder / "order.html")
    page = (folder / "order.html").read_text()
    texts = Texts()
    texts.feed(page)
    return code, page, texts


def test_it_shows_every_event_with_its_facts_and_what_the_log_signed(tmp_path: Path) -> None:
    code, _, texts = shown(SAMPLE, tmp_path)
    assert code == 0
    assert f"The evidence of order {ORDER} holds" in texts.words
    for event in story():
        assert event.at in texts.words
        assert event.hash in texts.words
        for name, value in event.data.items():
            assert name in texts.words
            assert (value if isinstance(value, str) else json.dumps(value)) in texts.words
    assert "cloudrun.example/test-log\n29\n" in texts.words


def test_it_needs_nothing_from_anywhere(tmp_path: Path) -> None:
    _, page, texts = shown(SAMPLE, tmp_path)
    assert not texts.tags & {"script", "link", "img", "iframe", "a", "form"}
    assert not re.search(r"https?:|url\(|@import", page)


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</main><h1>It holds", '"><img src=x>'])
def test_what_stands_in_a_file_is_text_on_the_page(tmp_path: Path, hostile: str) -> None:
    code, page, texts = shown(edited(lambda content: content["events"][1]["data"].update(reference=hostile)), tmp_path)
    assert code == 1
    assert hostile in texts.words
    assert hostile not in page


def test_broken_evidence_is_shown_as_broken(tmp_path: Path) -> None:
    code, page, texts = shown((SAMPLES / "tampered/event_actor.json").read_text(), tmp_path)
    assert code == 1
    assert "does not hold: chain of event 4" in texts.words
    assert 'id="verdict" class=failed' in page
    assert "not reached" in texts.words


def test_of_a_file_that_cannot_be_read_there_is_no_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "order.json").write_text("{}")
    assert verify_file(tmp_path / "order.json", [VKEY], tmp_path / "order.html") == 1
    assert "is not written" in " ".join(capsys.readouterr().out.split())
    assert not (tmp_path / "order.html").exists()
