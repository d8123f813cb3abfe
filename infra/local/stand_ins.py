"""Vendors on this machine: how each stand-in is started, and how functions reach it. Keys are made anew with every start."""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.local.postgres import free_port

ONFIDO_WORKFLOW_ID = "00000000-0000-4000-8000-000000000001"
"""The stand-in has one workflow."""


@dataclass(frozen=True, slots=True)
class StandIn:
    command: list[str]
    environment: dict[str, str]


def onfido(base_url: str, data_dir: Path) -> StandIn:
    """It tells the functions at `base_url` of its checks."""
    port = free_port()
    command = [sys.executable, "-m", "infra.standins.onfido", str(port), str(data_dir / "onfido.sqlite")]
    environment = {
        "ONFIDO_URL": f"http://127.0.0.1:{port}/v3.6",
        "ONFIDO_WORKFLOW_ID": ONFIDO_WORKFLOW_ID,
        "VERIFICATION_KEY": secrets.token_urlsafe(16),
        "VERIFICATION_WEBHOOK_KEY": secrets.token_urlsafe(16),
    }
    return StandIn([*command, f"{base_url}/webhooks/onfido"], environment)


def stripe(base_url: str, data_dir: Path) -> StandIn:
    """It tells the functions at `base_url` of its payments."""
    port = free_port()
    command = [sys.executable, "-m", "infra.standins.stripe", str(port), str(data_dir / "stripe.sqlite")]
    environment = {
        "STRIPE_URL": f"http://127.0.0.1:{port}",
        "PAYMENTS_KEY": f"sk_test_{secrets.token_hex(16)}",
        "PAYMENTS_WEBHOOK_KEY": f"whsec_{secrets.token_hex(16)}",
    }
    return StandIn([*command, f"{base_url}/webhooks/stripe"], environment)


ALL = {"onfido": onfido, "stripe": stripe}
"""By the setting that chooses the vendor."""
