"""ID tokens of service accounts: what holds is let in, and everything else is refused for its reason."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.google.issuer import CERTIFICATES, KEY_ID, Issuer
from shared.accounts.oidc import REMOVED, FetchedCertificates, TokenRefused, Verifier

NOON = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
AUDIENCE = "https://tick-1234567890.us-south1.run.app"
CALLER = "call-tasks@market.iam.gserviceaccount.com"


@dataclass
class Scene:
    issuer: Issuer
    certificates: Path

    def token(self, **claims: object) -> str:
        now = int(NOON.timestamp())
        usual: dict[str, Any] = {
            "iss": "https://accounts.google.com", "aud": AUDIENCE, "email": CALLER, "email_verified": True,
            "iat": now, "exp": now + 3600,
        }  # fmt: skip
        return self.issuer.sign({name: value for name, value in (usual | claims).items() if value is not None})

    def verifier(self, *, behind_gate: bool = False) -> Verifier:
        certificates = FetchedCertificates(self.certificates.as_uri())
        return Verifier(certificates, AUDIENCE, frozenset({CALLER}), behind_gate=behind_gate)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("issuer")
    return Scene(Issuer(folder), folder / CERTIFICATES)


def test_a_token_of_a_named_account_for_this_service_is_let_in(scene: Scene) -> None:
    assert scene.verifier().check(scene.token(), NOON) == CALLER


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://accounts.example"}, "issuer"),
        ({"aud": "https://other-1234567890.us-south1.run.app"}, "another service"),
        ({"aud": None}, "another service"),
        ({"email": "somebody@market.iam.gserviceaccount.com"}, "may not call"),
        ({"email": None}, "may not call"),
        ({"email_verified": False}, "may not call"),
        ({"exp": int(NOON.timestamp()) - 60}, "expired"),
        ({"exp": None}, "when it was made"),
        ({"exp": "soon"}, "when it was made"),
        ({"iat": int(NOON.timestamp()) + 60}, "not valid yet"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(scene: Scene, claims: dict[str, Any], reason: str) -> None:
    with pytest.raises(TokenRefused, match=reason):
        scene.verifier().check(scene.token(**claims), NOON)


def test_clocks_may_be_half_a_minute_apart(scene: Scene) -> None:
    token = scene.token(iat=int(NOON.timestamp()) + 20)
    assert scene.verifier().check(token, NOON) == CALLER
    with pytest.raises(TokenRefused, match="expired"):
        scene.verifier().check(token, NOON + timedelta(hours=2))


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "e30.e30.", "bnVsbA.bnVsbA.x", "ÿ.ÿ.ÿ", "e30.e30.e30.e30"])
def test_what_is_no_token_is_refused(scene: Scene, token: str) -> None:
    with pytest.raises(TokenRefused):
        scene.verifier().check(token, NOON)


def test_another_key_than_the_issuer_s_is_refused(scene: Scene, tmp_path: Path) -> None:
    stranger = Scene(Issuer(tmp_path), scene.certificates)
    with pytest.raises(TokenRefused, match="signature"):
        scene.verifier().check(stranger.token(), NOON)


def test_changed_claims_break_the_signature(scene: Scene) -> None:
    header, _, signature = scene.token().split(".")
    _, claims, _ = scene.token(email_verified=True, hd="other").split(".")
    with pytest.raises(TokenRefused, match="signature"):
        scene.verifier().check(f"{header}.{claims}.{signature}", NOON)


def test_an_unsigned_token_is_let_in_only_where_the_platform_has_checked_and_removed_the_signature(
    scene: Scene,
) -> None:
    header, claims, _ = scene.token().split(".")
    stripped = f"{header}.{claims}.{REMOVED}"
    assert scene.verifier(behind_gate=True).check(stripped, NOON) == CALLER
    with pytest.raises(TokenRefused, match="signature"):
        scene.verifier().check(stripped, NOON)
    with pytest.raises(TokenRefused):
        scene.verifier(behind_gate=True).check(f"{header}.{claims}.", NOON)


def test_behind_the_gate_the_claims_are_checked_all_the_same(scene: Scene) -> None:
    header, claims, _ = scene.token(aud="https://elsewhere.example").split(".")
    with pytest.raises(TokenRefused, match="another service"):
        scene.verifier(behind_gate=True).check(f"{header}.{claims}.{REMOVED}", NOON)


def test_a_key_that_is_not_among_the_issuer_s_is_refused(scene: Scene, tmp_path: Path) -> None:
    known = json.loads(scene.certificates.read_text())
    assert list(known) == [KEY_ID]
    (tmp_path / "none.json").write_text("{}")
    none = FetchedCertificates((tmp_path / "none.json").as_uri())
    with pytest.raises(TokenRefused, match="key"):
        Verifier(none, AUDIENCE, frozenset({CALLER}), behind_gate=False).check(scene.token(), NOON)
