"""Every refusal the product can give, as one hierarchy.

    Refusal                    an answer of 4xx: the caller can do something about it
    ├── BadInput        422    a field is missing, malformed or absurd; `errors` names it
    ├── Unreadable      400    the body cannot be read at all
    ├── Unauthenticated 401    no session, or one that has ended
    ├── Forbidden       403    signed in, but this role may not
    ├── NotFound        404    no such thing, or it belongs to another tenant
    ├── Conflict        409    the thing is not in a state that allows this; `allowed` says what is possible now
    ├── PreconditionFailed 412 `If-Match` names another version
    ├── TooLarge        413    the body is over the limit
    └── TooManyRequests 429    slow down; `retry_after_s` says how long
    Unavailable         503    a dependency is down; a retry may help

Business refusals subclass one of these beside the rule that raises them. Anything else that escapes is a 500 and an alert.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """An expected answer of 4xx, rendered as RFC 9457 problem details.

    `code` is stable and for programs, `title` is short, `detail` tells a person what to do next.
    `extra` holds further members of the problem document.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "refused"
    title: ClassVar[str] = "Refused"

    def __init__(self, detail: str, *, errors: list[dict[str, str]] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors or []
        self.extra = extra


class Unreadable(Refusal):
    status, code, title = 400, "unreadable_body", "The body could not be read"


class BadInput(Refusal):
    status, code, title = 422, "invalid_input", "Some fields are not valid"

    @classmethod
    def field(cls, field: str, message: str) -> "BadInput":
        """One offending field, named by its path (`body.items[0].quantity`)."""
        return cls(f"{field}: {message}", errors=[{"field": field, "message": message}])


class Unauthenticated(Refusal):
    status, code, title = 401, "unauthenticated", "Sign in first"


class Forbidden(Refusal):
    status, code, title = 403, "forbidden", "Not allowed for this role"


class NotFound(Refusal):
    status, code, title = 404, "not_found", "Not found"

    @classmethod
    def of(cls, what: str, identifier: str) -> "NotFound":
        return cls(f"There is no {what} {identifier} that you can see.")


class Conflict(Refusal):
    status, code, title = 409, "conflict", "Not possible in the present state"


class PreconditionFailed(Refusal):
    status, code, title = 412, "precondition_failed", "The object has changed"


class TooLarge(Refusal):
    status, code, title = 413, "body_too_large", "The body is too large"


class TooManyRequests(Refusal):
    status, code, title = 429, "rate_limited", "Too many requests"


class Unavailable(Exception):
    """A dependency did not answer; rendered as 503. `detail` is safe to show."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
