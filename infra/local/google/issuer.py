"""Who signs tokens where there is no Google: a key of this market's, and a certificate by which the functions know it."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from infra.emulators.cloud_tasks.tokens import claims
from shared.kernel.clock import Clock

KEY_ID = "local"
CERTIFICATES = "certificates.json"
RENEW_AFTER = timedelta(minutes=10)


class Issuer:
    """Keeps its key in a folder, beside `CERTIFICATES` in the form in which Google publishes its own."""

    def __init__(self, folder: Path) -> None:
        file = folder / "issuer.pem"
        if not file.exists():
            _make(folder, file)
        self._key = cast(rsa.RSAPrivateKey, load_pem_private_key(file.read_bytes(), None))

    def sign(self, payload: Mapping[str, str | int | bool]) -> str:
        """A compact JWT, RS256 (RFC 7515, RFC 7518)."""
        signed = f"{_part({'alg': 'RS256', 'kid': KEY_ID, 'typ': 'JWT'})}.{_part(payload)}"
        return f"{signed}.{_encoded(self._key.sign(signed.encode(), PKCS1v15(), SHA256()))}"


class Account:
    """A service account's tokens for one audience, made anew before they end by the product's clock."""

    def __init__(self, issuer: Issuer, clock: Clock, email: str, audience: str) -> None:
        self._issuer, self._clock, self._email, self._audience = issuer, clock, email, audience
        self._made_at = datetime.min.replace(tzinfo=UTC)
        self._token = ""

    def token(self) -> str:
        now = self._clock.now()
        if now - self._made_at > RENEW_AFTER:
            self._token = self._issuer.sign(claims(self._email, self._audience, now.timestamp()))
            self._made_at = now
        return self._token


def _make(folder: Path, file: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "local issuer")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, SHA256())
    )
    (folder / CERTIFICATES).write_text(json.dumps({KEY_ID: certificate.public_bytes(Encoding.PEM).decode()}))
    file.touch(0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def _part(value: Mapping[str, str | int | bool]) -> str:
    return _encoded(json.dumps(value, separators=(",", ":")).encode())


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
