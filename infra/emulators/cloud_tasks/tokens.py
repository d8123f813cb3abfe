"""OIDC tokens of attempts.

The default is an unsecured JWT (RFC 7519, section 6): well-formed, with the claims of a Google ID token, and with an empty
signature, so that nothing that verifies signatures can take it for a real one. A signer with a key is passed in `Settings`.
Claims: https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload.
"""

import base64
import hashlib
import json
from collections.abc import Callable

ISSUER = "https://accounts.google.com"
LIFETIME_SECONDS = 3600

Signer = Callable[[dict[str, str | int | bool]], str]
"""Makes a compact JWT of claims."""


def claims(email: str, audience: str, now: float) -> dict[str, str | int | bool]:
    """The claims of a service account's ID token; `sub` is derived from the address, stable and numeric as Google's."""
    subject = str(int.from_bytes(hashlib.sha256(email.encode()).digest()[:8], "big"))
    return {
        "iss": ISSUER,
        "aud": audience,
        "azp": subject,
        "sub": subject,
        "email": email,
        "email_verified": True,
        "iat": int(now),
        "exp": int(now) + LIFETIME_SECONDS,
    }


def unsigned(payload: dict[str, str | int | bool]) -> str:
    """An unsecured JWT: `alg` is none and the third part is empty."""
    return f"{_part({'alg': 'none', 'typ': 'JWT'})}.{_part(payload)}."


def _part(value: dict[str, str] | dict[str, str | int | bool]) -> str:
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
