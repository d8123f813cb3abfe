"""Who is calling, whether they may, whose object they name, and how often they have called: one round trip.

This is the one place where tenancy is enforced. An endpoint declares `roles` and `owner`; nothing else asks.
A public page that does without the database is not counted: it must not depend on what it does not use.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from shared.http.declaration import Declaration, Owner
from shared.kernel.deployment import Resource
from shared.kernel.errors import Forbidden, NotFound, TooManyRequests, Unauthenticated
from shared.kernel.roles import Caller, Role
from shared.storage.connection import Row
from shared.storage.work import Work
from shared.wiring.callers import check_platform
from shared.wiring.settings import settings

RATE_WINDOW = timedelta(seconds=60)
RATE_LIMITS = {"auth": 300, "read": 3_000, "write": 1_200}
"""Requests per caller, group and minute."""

_OWNERS = {
    Owner.ORDER: (
        "SELECT jsonb_build_object('customer', customer_id, 'merchant', merchant_id, 'driver', driver_id) "
        "FROM orders WHERE order_id = :resource"
    ),
    Owner.TASK: "SELECT jsonb_build_object('driver', driver_id) FROM tasks WHERE task_id = :resource",
    Owner.CONTESTED_TASK: (
        "SELECT jsonb_build_object('driver', d.driver_id) FROM tasks t JOIN drivers d USING (region_id) "
        "WHERE t.task_id = :resource AND d.driver_id = caller.tenant_id"
    ),
    Owner.DRIVER: "SELECT jsonb_build_object('driver', CAST(:resource AS text))",
    Owner.MERCHANT: "SELECT jsonb_build_object('merchant', CAST(:resource AS text))",
}


@dataclass(frozen=True, slots=True)
class Admission:
    """A request let through: its caller (None when public) and the `RateLimit-*` headers to send back."""

    caller: Caller | None
    headers: dict[str, str]


def admit(
    declaration: Declaration, work: Work, token: str | None, address: str, arguments: dict[str, str]
) -> Admission:
    """Raises Unauthenticated, Forbidden, NotFound (another tenant's object) or TooManyRequests."""
    if declaration.internal:
        check_platform(token, work.now)
        return Admission(None, {})
    if not declaration.roles and Resource.DATABASE not in declaration.uses:
        return Admission(None, {})
    if not declaration.roles:
        return Admission(None, _count(work, f"address:{_digest(address).hex()[:32]}", declaration.route_group))
    if token is None:
        raise Unauthenticated("Send `Authorization: Bearer` with the token that POST /v1/auth/login returned.")
    row = _session(declaration, work, token, arguments)
    caller = Caller(Role(row["role"]), row["account_id"], row["tenant_id"])
    if caller.role not in declaration.roles:
        allowed = ", ".join(sorted(declaration.roles))
        raise Forbidden(
            f"A {caller.role} may not call this; it is for: {allowed}.", allowed_roles=sorted(declaration.roles)
        )
    headers = _limit(row, declaration.route_group, work.now)
    if declaration.owner is not None and not caller.operates:
        owners = row["owners"]
        if owners is None or owners.get(caller.role.value) != caller.tenant_id:
            raise NotFound.of(declaration.owner.noun, arguments[declaration.owner.parameter])
    return Admission(caller, headers)


def _session(declaration: Declaration, work: Work, token: str, arguments: dict[str, str]) -> Row:
    switches = settings()
    parameters: dict[str, Any] = {"token": _digest(token) if switches.auth_enabled else token, "now": work.now}
    if declaration.owner is not None:
        parameters["resource"] = arguments[declaration.owner.parameter]
    if switches.rate_limit_enabled:
        parameters |= {"route_group": declaration.route_group, "window_start": work.now - RATE_WINDOW}
    sql = _admission_sql(declaration.owner, limited=switches.rate_limit_enabled, by_session=switches.auth_enabled)
    rows = work.look(sql, **parameters)
    if not rows:
        raise Unauthenticated("The session has ended or never was. Sign in again with POST /v1/auth/login.")
    return rows[0]


@cache
def _admission_sql(owner: Owner | None, *, limited: bool, by_session: bool) -> str:
    owners = _OWNERS[owner] if owner else "CAST(NULL AS jsonb)"
    source = "SELECT account_id, CAST(:route_group AS text), CAST(:now AS timestamptz), 1 FROM caller"
    counted = f", counted AS ({_COUNT.format(source=source)})"
    return f"""
        WITH caller AS ({_SESSION if by_session else _ACCOUNT}){counted if limited else ""}
        SELECT caller.account_id, caller.role, caller.tenant_id, ({owners}) AS owners,
               {"counted.requests, counted.window_at" if limited else "NULL AS requests, NULL AS window_at"}
        FROM caller {"LEFT JOIN counted ON true" if limited else ""}
    """


_SESSION = """
    SELECT a.account_id, a.role, a.tenant_id FROM sessions s JOIN accounts a USING (account_id)
    WHERE s.token_hash = :token AND s.expires_at > :now
"""
_ACCOUNT = """
    SELECT account_id, role, tenant_id FROM accounts WHERE account_id = :token AND CAST(:now AS timestamptz) IS NOT NULL
"""
"""For load tests with AUTH_ENABLED=0: the token is an account's id."""

_COUNT = """
    INSERT INTO rate_windows AS w (caller, route_group, window_at, requests) {source}
    ON CONFLICT (caller, route_group) DO UPDATE SET
        requests = CASE WHEN w.window_at <= :window_start THEN 1 ELSE w.requests + 1 END,
        window_at = CASE WHEN w.window_at <= :window_start THEN EXCLUDED.window_at ELSE w.window_at END
    RETURNING requests, window_at
"""
_COUNT_ADDRESS = _COUNT.format(source="VALUES (:caller, :route_group, :now, 1)")


def _count(work: Work, caller: str, route_group: str) -> dict[str, str]:
    if not settings().rate_limit_enabled:
        return {}
    now = work.now
    rows = work.look(_COUNT_ADDRESS, caller=caller, route_group=route_group, now=now, window_start=now - RATE_WINDOW)
    return _limit(rows[0], route_group, now)


def _limit(row: Row, route_group: str, now: datetime) -> dict[str, str]:
    if row["requests"] is None:
        return {}
    limit = RATE_LIMITS[route_group]
    reset_s = max(1, int((row["window_at"] + RATE_WINDOW - now).total_seconds()) + 1)
    if row["requests"] > limit:
        raise TooManyRequests(f"Wait {reset_s} s: the limit is {limit} a minute.", retry_after_s=reset_s, limit=limit)
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(limit - row["requests"]),
        "RateLimit-Reset": str(reset_s),
    }


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
