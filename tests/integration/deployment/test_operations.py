"""The runbooks: every alert leads to one, and what they ask of the database can be asked."""

import re
from pathlib import Path

import pytest

from shared.storage.connection import Connection

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/operations.md").read_text()
STATEMENTS = [found.replace("PID", "0") for found in re.findall(r"[`\"]((?:SELECT|UPDATE|DELETE) [^`\"]+)[`\"]", PAGE)]


def test_every_alert_leads_to_a_section_that_there_is() -> None:
    alerts = "".join(file.read_text() for file in (ROOT / "terraform/modules/monitoring").glob("*.tf"))
    named = set(re.findall(r'runbook\s+= "([\w-]+)"', alerts)) | set(re.findall(r"operations\.md#([\w-]+)\"", alerts))
    sections = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.+)$", PAGE, re.MULTILINE)}
    assert len(named) >= 6
    assert named <= sections


@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_database_understands_what_a_runbook_asks(connection: Connection, statement: str) -> None:
    assert isinstance(connection.fetch(statement), list)


def test_the_runbooks_ask_the_database_something() -> None:
    assert len(STATEMENTS) >= 6


def test_each_file_that_the_page_runs_is_there() -> None:
    files = set(re.findall(r"infra/deploy/\w+\.(?:sh|sql)", PAGE))
    files |= {module.replace(".", "/") + ".py" for module in re.findall(r"-m (infra\.deploy\.\w+)", PAGE)}
    assert len(files) >= 4
    for file in files:
        assert (ROOT / file).is_file(), file
