"""Who may call what only the platform calls: whoever knows the token here, the accounts that are named on Google Cloud."""

import hmac
import os
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from shared.kernel.errors import Unauthenticated
from shared.wiring.settings import on_google, required, settings

if TYPE_CHECKING:
    from shared.accounts.oidc import Verifier

GOOGLES = "https://www.googleapis.com/oauth2/v1/certs"


def check_platform(token: str | None, now: datetime) -> None:
    """Raises Unauthenticated."""
    if token is None:
        raise Unauthenticated("This endpoint is called by the platform itself.")
    if on_google():
        from shared.accounts.oidc import TokenRefused

        try:
            _verifier().check(token, now)
        except TokenRefused as refused:
            raise Unauthenticated(f"This endpoint is called by the platform itself: of the token, {refused}.") from None
    elif not hmac.compare_digest(token.encode(), settings().internal_token.encode()):
        raise Unauthenticated("This endpoint is called by the platform itself.")


@cache
def _verifier() -> "Verifier":
    """`CALLERS` are e-mails of accounts. `AUDIENCE` is this service's address, which on Cloud Run follows from its name.

    Terraform sets CALLERS on services that only those accounts may call; Cloud Run itself sets K_SERVICE.
    """
    from shared.accounts.oidc import FetchedCertificates, Verifier

    callers = frozenset(
        required("CALLERS", "call-tasks@my-market.iam.gserviceaccount.com, with spaces between").split()
    )
    service = os.environ.get("K_SERVICE")
    audience = (
        f"https://{service}{required('SERVICE_URL_SUFFIX', '-1234567890.us-south1.run.app')}" if service else None
    )
    certificates = FetchedCertificates(os.environ.get("OIDC_CERTIFICATES", GOOGLES))
    return Verifier(
        certificates, audience or required("AUDIENCE", "https://market.example.com"), callers,
        behind_gate=service is not None,
    )  # fmt: skip
