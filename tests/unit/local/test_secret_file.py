"""A market's secrets are made once; a later version of the market finds its own among them too."""

import json
from pathlib import Path

from infra.local.secret_file import load_secrets


def test_secrets_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    made = load_secrets(file)
    assert load_secrets(file) == made
    assert file.stat().st_mode & 0o077 == 0


def test_what_an_older_market_lacks_is_added_and_the_rest_stays(tmp_path: Path) -> None:
    file = tmp_path / "secrets.json"
    made = load_secrets(file)
    older = {name: value for name, value in made.items() if name != "payments_key"}
    file.write_text(json.dumps(older))
    found = load_secrets(file)
    assert found.keys() == made.keys()
    assert {name: found[name] for name in older} == older
