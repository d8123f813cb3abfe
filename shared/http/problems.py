"""Errors as RFC 9457 problem details; the one place where an exception becomes a status."""

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Response
from pg8000.native import InterfaceError
from pydantic import ValidationError

from shared.kernel.errors import BadInput, Refusal, TooManyRequests, Unavailable, Unreadable

log = logging.getLogger(__name__)

TYPE_PREFIX = "https://cloudrun.dev/problems/"


def problem(error: Exception, request_id: str) -> Response:
    """The answer for an exception. Anything unexpected is logged with its trace and told as a bare 500."""
    if isinstance(error, Refusal):
        body = {"code": error.code, "title": error.title, "status": error.status, "detail": error.detail, **error.extra}
        if error.errors:
            body["errors"] = error.errors
    elif isinstance(error, Unavailable | InterfaceError | ConnectionError | TimeoutError):
        log.warning("request %s met a dependency that is away", request_id, exc_info=error)
        detail = (
            error.detail
            if isinstance(error, Unavailable)
            else "The database does not answer. Send the request again, with the same Idempotency-Key."
        )
        body = {"code": "unavailable", "title": "Try again shortly", "status": 503, "detail": detail}
    else:
        log.error("unhandled error in request %s", request_id, exc_info=error)
        body = {
            "code": "internal_error",
            "title": HTTPStatus.INTERNAL_SERVER_ERROR.phrase,
            "status": 500,
            "detail": f"Something went wrong on our side. Quote request {request_id} to support.",
        }
    response = problem_response(body, request_id)
    if isinstance(error, TooManyRequests):
        wait_s = str(error.extra["retry_after_s"])
        response.headers["Retry-After"] = response.headers["RateLimit-Reset"] = wait_s
        response.headers["RateLimit-Remaining"] = "0"
    return response


def problem_response(body: dict[str, Any], request_id: str) -> Response:
    document = {"type": TYPE_PREFIX + body["code"], **body, "request_id": request_id}
    return Response(json.dumps(document), body["status"], mimetype="application/problem+json")


def invalid(error: ValidationError, where: str) -> Refusal:
    """Every offending field by its path, `where` being `body` or `query`. The values themselves are not repeated."""
    errors = [
        {"field": _path(where, item["loc"]), "message": item["msg"].removeprefix("Value error, ")}
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    ]
    if any(item["type"] == "json_invalid" for item in error.errors(include_url=False, include_input=False)):
        return Unreadable(f"The {where} is not valid JSON: {errors[0]['message']}", errors=errors)
    named = ", ".join(item["field"] for item in errors[:5])
    return BadInput(f"Correct these fields and send the request again: {named}.", errors=errors)


def _path(where: str, location: tuple[int | str, ...]) -> str:
    return where + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
