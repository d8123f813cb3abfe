"""The provider of age checks that settings name. Its adapter is loaded when it is first asked for, and no other is."""

import os
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from shared.kernel.errors import NotFound
from shared.verification.protocol import AgeVerifier
from shared.wiring.settings import InvalidSettings, required, settings

if TYPE_CHECKING:
    from shared.verification.onfido import OnfidoVerifier


@cache
def verifier() -> AgeVerifier:
    """`AGE_VERIFIER`: `fake` (a database check), `fake_document` or `onfido`. Raises InvalidSettings.

    The fakes believe what they are told, so production refuses them.
    """
    chosen = os.environ.get("AGE_VERIFIER", "fake")
    if chosen == "onfido":
        return onfido()
    if chosen not in ("fake", "fake_document"):
        raise InvalidSettings(f"AGE_VERIFIER={chosen} is not known. Choose fake, fake_document or onfido.")
    if settings().environment == "production":
        raise InvalidSettings("The fake age verifier cannot serve production. Set AGE_VERIFIER=onfido.")
    from shared.verification.fake import FakeVerifier

    return FakeVerifier("document_check" if chosen == "fake_document" else "database_check")


@cache
def onfido() -> "OnfidoVerifier":
    """For its webhooks too. Raises NotFound where another provider is chosen, and InvalidSettings."""
    if os.environ.get("AGE_VERIFIER") != "onfido":
        raise NotFound("Onfido is not the provider of age checks here.")
    url = os.environ.get("ONFIDO_URL")
    if url and settings().environment == "production":
        raise InvalidSettings("ONFIDO_URL names a stand-in; it cannot be set when ENVIRONMENT=production.")
    from onfido.configuration import Region

    from shared.verification.onfido import PATIENCE_S, OnfidoAccount, OnfidoVerifier

    try:
        region = Region(os.environ.get("ONFIDO_REGION", "us"))
        workflow_id = UUID(required("ONFIDO_WORKFLOW_ID", "the id of the workflow in Onfido Studio"))
    except ValueError as error:
        raise InvalidSettings(f"ONFIDO_REGION must be us, eu or ca, and ONFIDO_WORKFLOW_ID a UUID: {error}.") from error
    return OnfidoVerifier(
        OnfidoAccount(
            api_token=required("VERIFICATION_KEY", "Onfido's API token"),
            webhook_token=required("VERIFICATION_WEBHOOK_KEY", "the token of Onfido's webhook"),
            workflow_id=workflow_id,
            region=region,
            url=url,
            patience_s=float(os.environ.get("ONFIDO_PATIENCE_S", PATIENCE_S)),
        )
    )
