"""What signing up and signing in are bound by. Pure."""

from datetime import datetime, timedelta

from shared.kernel.errors import Conflict, TooManyRequests, Unauthenticated
from shared.kernel.roles import Role

SESSION_LIFETIME = timedelta(hours=24)

MAX_FAILURES = 10
FAILURE_WINDOW = timedelta(minutes=15)
"""So many wrong passwords for one e-mail address, then it is closed until the window has passed."""

TENANT_PREFIX = {Role.CUSTOMER: "cus", Role.DRIVER: "drv", Role.MERCHANT: "mer"}
"""Roles that anyone may register, and the prefix of the tenant that is made with the account."""


class EmailTaken(Conflict):
    code, title = "email_taken", "An account with this e-mail address exists"


class WrongCredentials(Unauthenticated):
    """One answer for a wrong password and for an unknown address: it does not tell who has an account."""

    code, title = "wrong_credentials", "The e-mail address or the password is wrong"


class TooManyFailures(TooManyRequests):
    code, title = "too_many_failures", "Too many failed attempts to sign in"


def normal_email(email: str) -> str:
    """The form in which addresses are compared."""
    return email.strip().lower()


def check_failures(attempts: int, window_at: datetime, now: datetime) -> None:
    """`attempts` since `window_at`, this one included. Raises TooManyFailures."""
    if attempts > MAX_FAILURES:
        retry_after_s = max(1, int((window_at + FAILURE_WINDOW - now).total_seconds()) + 1)
        raise TooManyFailures(
            f"Wait {retry_after_s} s, then sign in with the right password.", retry_after_s=retry_after_s
        )
