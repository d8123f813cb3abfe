"""The key that encrypts keys, on one machine: a file that only its owner reads."""

import base64
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.ids import Entropy
from shared.vault.envelope import KEY_SIZE, NONCE_SIZE
from shared.vault.protocol import CannotOpen

ID_SIZE = 8


class KeyFile:
    """One key in base64 to a line: the first wraps, each of them unwraps, so a new one is put on top of the old.

    A wrapped key begins with the first bytes of SHA-256 over the key that wrapped it, which say which line opens it.
    """

    def __init__(self, file: Path, entropy: Entropy = os.urandom) -> None:
        """Raises FileNotFoundError, ValueError for a file that does not hold such keys."""
        keys = [base64.b64decode(line, validate=True) for line in file.read_text().split()]
        if not keys or any(len(key) != KEY_SIZE for key in keys):
            raise ValueError(f"{file} does not hold {KEY_SIZE} bytes in base64 on each line")
        self._keys = {hashlib.sha256(key).digest()[:ID_SIZE]: AESGCM(key) for key in keys}
        self._entropy = entropy

    def wrap(self, key: bytes, context: str) -> bytes:
        key_id, cipher = next(iter(self._keys.items()))
        nonce = self._entropy(NONCE_SIZE)
        return key_id + nonce + cipher.encrypt(nonce, key, context.encode())

    def unwrap(self, wrapped: bytes, context: str) -> bytes:
        cipher = self._keys.get(wrapped[:ID_SIZE])
        if cipher is None:
            raise CannotOpen(f"{context} was wrapped by a key that is not in the key file")
        nonce, body = wrapped[ID_SIZE : ID_SIZE + NONCE_SIZE], wrapped[ID_SIZE + NONCE_SIZE :]
        try:
            return cipher.decrypt(nonce, body, context.encode())
        except InvalidTag:
            raise CannotOpen(f"{context} was changed since it was wrapped") from None


def ensure_key_file(file: Path) -> Path:
    """The file, with a new key when there was none."""
    if not file.exists():
        file.touch(0o600)
        file.write_text(base64.b64encode(os.urandom(KEY_SIZE)).decode() + "\n")
    return file
