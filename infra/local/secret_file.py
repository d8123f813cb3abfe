"""What a market on this machine keeps to itself: made once, and read again by every later start."""

import json
import secrets
from pathlib import Path

from shared.dossier.checkpoint import Signer

LOG_NAME = "localhost/cloudrun"
"""The transparency log's name in its checkpoints; `cloudrun log public-key` prints its public key."""


def load_secrets(file: Path) -> dict[str, str]:
    """Only the owner reads the file; what an older market's file lacks is added."""
    found: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    made = _make()
    if made.keys() - found.keys():
        found = made | found
        file.touch(0o600)
        file.write_text(json.dumps(found, indent=2))
    return found


def _make() -> dict[str, str]:
    return {
        "internal_token": secrets.token_urlsafe(32),
        "admin_password": secrets.token_urlsafe(12),
        "support_password": secrets.token_urlsafe(12),
        "log_key": Signer.generate(LOG_NAME).secret(),
        "payments_key": f"sk_test_{secrets.token_hex(16)} whsec_{secrets.token_hex(16)}",
    }
