"""`cloudrun job seed`: the regions that are served, and the accounts of the platform's own people. Safe to run again.

Stores, drivers and customers are not seeded: they come in through the API like everybody else.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from shared.accounts import service as accounts
from shared.kernel.deployment import READS, JobDeployment, Resource
from shared.kernel.positions import Position
from shared.kernel.roles import Role
from shared.storage.work import WorkFactory
from shared.vault.protocol import KeyEncryption
from shared.wiring.settings import InvalidSettings, settings
from shared.wiring.storage import unit_of_work
from shared.wiring.vault import key_encryption

DEPLOYMENT = JobDeployment(uses=READS | {Resource.OPERATOR_PASSWORDS, Resource.VAULT})


@dataclass(frozen=True, slots=True)
class Region:
    """`centre` is where its map opens; a store lies not too far from it."""

    region_id: str
    name: str
    timezone: str
    centre: Position


@dataclass(frozen=True, slots=True)
class SignIn:
    """`password` is None for an account that was there before and kept a password that only its owner knows."""

    role: Role
    email: str
    password: str | None


REGIONS = (Region("dfw", "Dallas–Fort Worth", "America/Chicago", Position(32.7767, -96.7970)),)

OPERATORS = {Role.ADMIN: "Administrator", Role.SUPPORT: "Support"}


def seed(work_factory: WorkFactory, passwords: Mapping[Role, str], keys: KeyEncryption) -> list[SignIn]:
    """Write what is missing. A password given for a role is its account's from now on; a new account without one gets one."""
    with work_factory() as work:
        for region in REGIONS:
            work.run(
                _REGION,
                region_id=region.region_id,
                name=region.name,
                timezone=region.timezone,
                lat=region.centre.lat,
                lng=region.centre.lng,
            )
        return [
            SignIn(role, email(role), accounts.open_operator(work, role, email(role), name, passwords.get(role), keys))
            for role, name in OPERATORS.items()
        ]


def email(role: Role) -> str:
    return f"{role}@cloudrun.localhost"


def main() -> None:
    """Raises InvalidSettings: in production the passwords must be chosen, as ADMIN_PASSWORD and SUPPORT_PASSWORD."""
    chosen = {role: os.environ.get(f"{role.upper()}_PASSWORD", "") for role in OPERATORS}
    missing = [f"{role.upper()}_PASSWORD" for role, password in chosen.items() if not password]
    if missing and settings().environment == "production":
        raise InvalidSettings(f"Set {' and '.join(missing)}: production does not make up passwords.")
    print("Seeding regions and operators …", flush=True)
    given = {role: password for role, password in chosen.items() if password}
    for sign_in in seed(unit_of_work, given, key_encryption()):
        generated = sign_in.password is not None and not chosen[sign_in.role]
        print(f"{sign_in.role}: {sign_in.email}" + (f"  password {sign_in.password}" if generated else ""))


_REGION = """
    INSERT INTO regions (region_id, name, timezone, lat, lng) VALUES (:region_id, :name, :timezone, :lat, :lng)
    ON CONFLICT (region_id) DO UPDATE SET
        name = EXCLUDED.name, timezone = EXCLUDED.timezone, lat = EXCLUDED.lat, lng = EXCLUDED.lng
"""
