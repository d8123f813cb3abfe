"""Whose token a call carries: OpenID Connect ID tokens of Google service accounts, checked without a library of Google's.

What is checked: OpenID Connect Core 1.0, section 3.1.3.7; the signature is RS256 (RFC 7518, section 3.3). Time comes from the
product's clock.
"""

import base64
import json
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import load_pem_x509_certificate

ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
LEEWAY = timedelta(seconds=30)
"""How far the clocks of issuer and callee may be apart."""

REMOVED = "SIGNATURE_REMOVED_BY_GOOGLE"
"""What Cloud Run leaves of a signature that it has checked (cloud.google.com/run/docs/troubleshooting#signature-removed)."""

AGAIN_AFTER_S = 60.0
PATIENCE_S = 10.0

Certificates = Callable[[str], str | None]
"""The X.509 certificate in PEM of a key id, such as https://www.googleapis.com/oauth2/v1/certs has them."""


class FetchedCertificates:
    """Read from an address, and read again when a key is not among them, at most once a minute: issuers change keys."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._found: dict[str, str] = {}
        self._fetched_at = -AGAIN_AFTER_S

    def __call__(self, key_id: str) -> str | None:
        """Raises OSError when the address cannot be read."""
        if key_id not in self._found and time.monotonic() - self._fetched_at >= AGAIN_AFTER_S:
            with urllib.request.urlopen(self._url, timeout=PATIENCE_S) as answer:
                self._found = json.load(answer)
            self._fetched_at = time.monotonic()
        return self._found.get(key_id)


class TokenRefused(RuntimeError):
    """The call does not prove that it comes from one of those who may; the message says what does not hold."""


class Verifier:
    """Lets in tokens for `audience` of the accounts `callers`.

    `behind_gate` is for a service that Cloud Run lets only those call whom IAM names: there the platform has checked the
    signature and removed it. Anywhere else a token without a signature is refused.
    """

    def __init__(
        self, certificates: Certificates, audience: str, callers: frozenset[str], *, behind_gate: bool
    ) -> None:
        self._certificates = certificates
        self._audience = audience
        self._callers = callers
        self._behind_gate = behind_gate

    def check(self, token: str, now: datetime) -> str:
        """The caller's e-mail. Raises TokenRefused."""
        signed, _, signature = token.rpartition(".")
        header, claims = _parts(signed)
        if not (self._behind_gate and signature == REMOVED):
            self._check_signature(header, signed, signature)
        _check_time(claims, now)
        if claims.get("iss") not in ISSUERS:
            raise TokenRefused("its issuer is not Google")
        if claims.get("aud") != self._audience:
            raise TokenRefused("it was made for another service")
        email = claims.get("email")
        if email not in self._callers or claims.get("email_verified") is not True:
            raise TokenRefused("its account may not call this service")
        return str(email)

    def _check_signature(self, header: dict[str, Any], signed: str, signature: str) -> None:
        if header.get("alg") != "RS256":
            raise TokenRefused("it is not signed with RS256")
        certificate = self._certificates(str(header.get("kid")))
        if certificate is None:
            raise TokenRefused("its key is not one of the issuer's")
        key = load_pem_x509_certificate(certificate.encode()).public_key()
        if not isinstance(key, RSAPublicKey):
            raise TokenRefused("its key is not an RSA key")
        try:
            key.verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            raise TokenRefused("its signature does not hold") from None


def _parts(signed: str) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    except ValueError:
        raise TokenRefused("it is no JSON web token") from None
    if not (isinstance(header, dict) and isinstance(claims, dict)):
        raise TokenRefused("it is no JSON web token")
    return header, claims


def _check_time(claims: dict[str, Any], now: datetime) -> None:
    try:
        issued, expires = (datetime.fromtimestamp(int(claims[name]), UTC) for name in ("iat", "exp"))
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        raise TokenRefused("it does not say when it was made and when it ends") from None
    if issued - LEEWAY > now:
        raise TokenRefused("it is not valid yet")
    if expires + LEEWAY < now:
        raise TokenRefused("it has expired")


def _decoded(part: str) -> bytes:
    """base64url without padding (RFC 7515, section 2). Raises ValueError."""
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
