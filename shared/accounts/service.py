"""Making accounts and signing in to them."""

import hashlib
from typing import Any

from shared.accounts import passwords, rules, sessions
from shared.accounts.sessions import SignedIn
from shared.kernel.roles import Role
from shared.storage.work import Work
from shared.vault import service as vault
from shared.vault.protocol import KeyEncryption


def register(work: Work, role: Role, email: str, password: str, name: str, phone: str, keys: KeyEncryption) -> SignedIn:
    """A new account with its tenant, its vault key and a first session, in one statement. Raises EmailTaken."""
    tenant_id = work.new_id(rules.TENANT_PREFIX[role])
    account = {"account_id": work.new_id("acc"), "role": role.value, "tenant_id": tenant_id, "name": name}
    account["email"] = rules.normal_email(email)
    token, expires_at = sessions.new_token(work.entropy), sessions.expiry(work.now)
    rows = work.run(
        _REGISTER,
        account_id=account["account_id"],
        role=account["role"],
        email=account["email"],
        password_hash=passwords.hashed(password, work.entropy),
        token_hash=sessions.token_hash(token),
        expires_at=expires_at,
        **_profile(work, tenant_id, name, account["email"], phone, keys),
    )
    if not rows:
        raise rules.EmailTaken("Sign in with POST /v1/auth/login, or register with another address.")
    return SignedIn(token, expires_at, account)


def sign_in(work: Work, email: str, password: str, keys: KeyEncryption) -> SignedIn:
    """A session for the right password. Raises WrongCredentials, TooManyFailures.

    The attempt is counted in a transaction of its own, so that it stays counted when it is refused.
    """
    now, address = work.now, rules.normal_email(email)
    failures_of = f"email:{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    attempt = work.look(_ATTEMPT, caller=failures_of, now=now, window_start=now - rules.FAILURE_WINDOW)[0]
    rules.check_failures(attempt["requests"], attempt["window_at"], now)
    account = work.one(_BY_EMAIL, email=address)
    if not passwords.matches(account["password_hash"] if account else None, password) or account is None:
        raise rules.WrongCredentials("Check both and try again, or register with POST /v1/auth/register.")
    token, expires_at = sessions.new_token(work.entropy), sessions.expiry(now)
    work.run(
        _OPEN,
        token_hash=sessions.token_hash(token),
        account_id=account["account_id"],
        caller=failures_of,
        now=now,
        expires_at=expires_at,
    )
    return SignedIn(token, expires_at, sessions.with_name(account, keys))


def open_operator(
    work: Work, role: Role, email: str, name: str, password: str | None, keys: KeyEncryption
) -> str | None:
    """An account of the platform's own people, made when it is missing; gives its password where that is known.

    A given password becomes the account's and ends the sessions opened with another. Without one, a new account gets a
    random password and an old one keeps what it has, so None is given.
    """
    found = work.one(_BY_EMAIL, email=email)
    if found is None:
        password = password or sessions.new_token(work.entropy)
        hashed, account_id = passwords.hashed(password, work.entropy), work.new_id("acc")
        profile = _profile(work, account_id, name, email, "", keys)
        work.run(_ADD_OPERATOR, account_id=account_id, role=role.value, email=email, password_hash=hashed, **profile)
    elif password is not None and not passwords.matches(found["password_hash"], password):
        hashed = passwords.hashed(password, work.entropy)
        work.run(_REPLACE_PASSWORD, account_id=found["account_id"], hashed=hashed)
    return password


def _profile(work: Work, tenant_id: str, name: str, email: str, phone: str, keys: KeyEncryption) -> dict[str, Any]:
    """The parameters of `_MADE`: who somebody is, sealed under a first key of its own."""
    key = vault.new_key(work, keys)
    entry = vault.new_entry(work, key, "profile", {"name": name, "email": email, "phone": phone})
    return {**entry.parameters, "tenant_id": tenant_id, "wrapped": key.wrapped, "now": work.now}


_MADE = """
    WITH made AS (
        INSERT INTO accounts (account_id, role, tenant_id, email, password_hash, profile_id, created_at)
        VALUES (:account_id, :role, :tenant_id, :email, :password_hash, :entry_id, :now)
        ON CONFLICT (email) DO NOTHING RETURNING account_id
    ), keyed AS (
        INSERT INTO vault_keys (key_id, subject_id, purpose, wrapped, created_at)
        SELECT :key_id, :tenant_id, 'account', CAST(:wrapped AS bytea), CAST(:now AS timestamptz) FROM made
    ), sealed AS (
        INSERT INTO vault_entries (entry_id, key_id, kind, sealed, created_at)
        SELECT :entry_id, :key_id, :kind, CAST(:sealed AS bytea), CAST(:now AS timestamptz) FROM made
    )
"""

_REGISTER = f"""
    {_MADE}
    INSERT INTO sessions (token_hash, account_id, created_at, expires_at)
    SELECT :token_hash, account_id, :now, :expires_at FROM made RETURNING account_id
"""

_ATTEMPT = """
    INSERT INTO rate_windows AS w (caller, route_group, window_at, requests) VALUES (:caller, 'sign_in', :now, 1)
    ON CONFLICT (caller, route_group) DO UPDATE SET
        requests = CASE WHEN w.window_at <= :window_start THEN 1 ELSE w.requests + 1 END,
        window_at = CASE WHEN w.window_at <= :window_start THEN EXCLUDED.window_at ELSE w.window_at END
    RETURNING requests, window_at
"""

_BY_EMAIL = f"""
    SELECT a.account_id, a.role, a.tenant_id, a.email, a.password_hash, {vault.COLUMNS}
    FROM accounts a JOIN vault_entries e ON e.entry_id = a.profile_id JOIN vault_keys k USING (key_id)
    WHERE a.email = :email
"""

_OPEN = """
    WITH forgiven AS (DELETE FROM rate_windows WHERE caller = :caller AND route_group = 'sign_in')
    INSERT INTO sessions (token_hash, account_id, created_at, expires_at)
    VALUES (:token_hash, :account_id, :now, :expires_at)
"""

_ADD_OPERATOR = f"{_MADE} SELECT account_id FROM made"

_REPLACE_PASSWORD = """
    WITH ended AS (DELETE FROM sessions WHERE account_id = :account_id)
    UPDATE accounts SET password_hash = :hashed WHERE account_id = :account_id
"""
