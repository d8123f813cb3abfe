"""An account and its session as their owner sees them."""

from datetime import datetime

from shared.accounts.sessions import SignedIn
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.connection import Row


class AccountView(View):
    id: str
    role: Role
    tenant_id: str
    name: str
    email: str


class SessionView(View):
    account: AccountView
    expires_at: datetime


class SignedInView(SessionView):
    token: str


def account(row: Row) -> AccountView:
    return AccountView(
        id=row["account_id"], role=Role(row["role"]), tenant_id=row["tenant_id"], name=row["name"], email=row["email"]
    )


def session(row: Row) -> SessionView:
    return SessionView(account=account(row), expires_at=row["expires_at"])


def signed_in(opened: SignedIn) -> SignedInView:
    return SignedInView(account=account(opened.account), expires_at=opened.expires_at, token=opened.token)
