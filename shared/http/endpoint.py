"""The decorator that makes a plain function of the business into a deployable HTTP function.

    @endpoint("POST", "/v1/orders/{order_id}/cancel", roles={CUSTOMER}, owner=Owner.ORDER, idempotency="optional")
    def cancel_order(command: CancelOrder, order_id: str, caller: Caller, work: Work) -> OrderView: ...

It parses, authenticates, authorises, opens the unit of work, maps errors and stores the idempotent answer. The handler's
argument names say what it wants: names from the path, `command` (the body as a model), `query`, `caller`, `work`; a
vendor's webhook takes `body` (bytes as they came, for its signature) and `headers`.
"""

import inspect
import os
import re
from collections.abc import Callable, Set
from typing import Any, Protocol, cast, get_type_hints

from flask import Request, Response
from pydantic import BaseModel, TypeAdapter, ValidationError

from shared.http import idempotency
from shared.http.admission import admit
from shared.http.declaration import Declaration, Idempotency, Owner, Pending, Process
from shared.http.idempotency import StoredAnswer
from shared.http.problems import invalid, problem, problem_response
from shared.kernel.deployment import QUIET, READS, Resource, Sizing
from shared.kernel.errors import BadInput, NotFound, PreconditionFailed, TooLarge, Unreadable
from shared.kernel.roles import Caller, Role
from shared.messaging.push import Push
from shared.storage.work import Work
from shared.telemetry import trace
from shared.wiring.storage import unit_of_work

BODY_LIMIT = 1_048_576
"""Bytes."""

Encode = Callable[[Any], bytes]


_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")


class Endpoint(Protocol):
    """What functions-framework calls, and the contract it carries."""

    declaration: Declaration

    def __call__(self, request: Request) -> Response: ...


def endpoint(
    method: str,
    path: str,
    *,
    roles: Set[Role],
    owner: Owner | None = None,
    idempotency: Idempotency = "none",
    process: Process = "api",
    status: int = 200,
    pending: Pending | None = None,
    uses: Set[Resource] = READS,
    sizing: Sizing = QUIET,
    attachment: str | None = None,
) -> Callable[[Callable[..., Any]], Endpoint]:
    """Declare a function. `status` is the answer's when it succeeds, or 202 when it is `pending`: begun, and finished
    elsewhere. The summary is the handler's module docstring. A browser stores the answer as the file `attachment`."""

    def declare(handler: Callable[..., Any]) -> Endpoint:
        declaration = declare_handler(
            handler, method, path, roles=roles, owner=owner, idempotency=idempotency, process=process, status=status,
            pending=pending, uses=uses, sizing=sizing, attachment=attachment,
        )  # fmt: skip
        encode = None if declaration.response is Response else TypeAdapter(declaration.response).dump_json

        def function(request: Request) -> Response:
            return _serve(declaration, encode, request)

        function.__name__ = declaration.name
        function.__doc__ = declaration.summary
        function.declaration = declaration  # type: ignore[attr-defined]
        return cast(Endpoint, function)

    return declare


def declare_handler(
    handler: Callable[..., Any],
    method: str,
    path: str,
    *,
    roles: Set[Role],
    owner: Owner | None,
    idempotency: Idempotency,
    process: Process,
    status: int,
    uses: Set[Resource],
    sizing: Sizing,
    pending: Pending | None = None,
    attachment: str | None = None,
) -> Declaration:
    """Read the contract off the handler's annotations."""
    hints = get_type_hints(handler)
    module = inspect.getmodule(handler)
    document = (module.__doc__ if module else None) or handler.__globals__.get("__doc__") or ""
    return Declaration(
        method=method,
        path=path,
        name=handler.__name__,
        summary=document.strip().partition("\n")[0].partition(": ")[2],
        roles=frozenset(roles),
        idempotency=idempotency,
        owner=owner,
        process=process,
        status=status,
        command=hints.get("command"),
        query=hints.get("query"),
        response=hints.get("return", type(None)),
        handler=handler,
        uses=frozenset(uses),
        sizing=sizing,
        pending=pending,
        attachment=attachment,
    )


def _serve(declaration: Declaration, encode: Encode | None, request: Request) -> Response:
    request_id = request_id_of(request.headers.get("X-Request-Id"))
    trace.follow(request.headers.get(trace.HEADER))
    limits: dict[str, str] = {}
    try:
        response = _answer(declaration, encode, request, limits)
    except Exception as error:
        response = problem(error, request_id)
    response.headers.extend(limits)
    response.headers["X-Request-Id"] = request_id
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "private, no-cache")
    response.headers.extend(trace.carried())
    return response


def _answer(declaration: Declaration, encode: Encode | None, request: Request, limits: dict[str, str]) -> Response:
    """`limits` receives the headers that say how much of the caller's rate is left, whatever becomes of the request."""
    arguments = path_arguments(declaration, request.path)
    if request.method != declaration.method:
        return _method_not_allowed(declaration)
    with unit_of_work() as work:
        admission = admit(
            declaration, work, bearer_token(request.headers.get("Authorization")), request.remote_addr or "", arguments
        )
        limits |= admission.headers
        body = _body(request)
        inputs = _inputs(declaration, request, body) | arguments | {"body": body, "headers": request.headers}
        work.if_match = _if_match(request)
        work.reads_only = declaration.method == "GET"
        if encode is None:
            return _page(declaration, inputs, admission.caller, work, request)
        key = idempotency.read_key(declaration, request.headers.get("Idempotency-Key"))
        replayed = False
        if key is None or admission.caller is None:
            answer = StoredAnswer(*_call(declaration, encode, inputs, admission.caller, work))
        else:
            held = idempotency.claim(work, declaration, admission.caller.account_id, key, request.full_path, body)
            if isinstance(held, StoredAnswer):
                answer, replayed = held, True
            else:
                answer = StoredAnswer(*_call(declaration, encode, inputs, admission.caller, work))
                answer = idempotency.store(work, held, answer)
    response = Response(answer.body, answer.status, mimetype="application/json")
    if replayed:
        response.headers["Idempotency-Replayed"] = "true"
    if declaration.attachment is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{declaration.attachment}"'
    if declaration.method == "GET" and answer.status == 200:
        response.add_etag(weak=True)
        response.make_conditional(request)
    return response


def _page(
    declaration: Declaration, inputs: dict[str, Any], caller: Caller | None, work: Work, request: Request
) -> Response:
    """A function that answers with a page or a file makes its own response."""
    response: Response = _handle(declaration, inputs, caller, work)
    if response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response


def _handle(declaration: Declaration, inputs: dict[str, Any], caller: Caller | None, work: Work) -> Any:
    available = {**inputs, "caller": caller, "work": work}
    return declaration.handler(**{name: available[name] for name in declaration.arguments})


def _call(
    declaration: Declaration, encode: Encode, inputs: dict[str, Any], caller: Caller | None, work: Work
) -> tuple[int, str]:
    """The handler's answer as (status, JSON)."""
    result = _handle(declaration, inputs, caller, work)
    if result is None:
        return 204, ""
    begun = declaration.pending is not None and declaration.pending(result)
    return 202 if begun else declaration.status, encode(result).decode()


def path_arguments(declaration: Declaration, path: str) -> dict[str, str]:
    """Raises NotFound when the path is not this function's."""
    match = declaration.pattern.match(path) or declaration.pattern.match(path.rstrip("/") or "/")
    if match is None or "\x00" in path:
        raise NotFound("There is nothing at this address. GET /openapi.json lists what there is.")
    return match.groupdict()


def bearer_token(header: str | None) -> str | None:
    scheme, _, token = (header or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def request_id_of(header: str | None) -> str:
    return header if header and _REQUEST_ID.match(header) else f"req_{os.urandom(12).hex()}"


def parse_query(model: type[BaseModel], values: dict[str, str]) -> BaseModel:
    """Raises BadInput."""
    for name, value in values.items():
        if "\x00" in value or "\ufffd" in value:
            raise BadInput.field(f"query.{name}", "must be valid UTF-8 text")
    try:
        return model.model_validate_strings(values)
    except ValidationError as error:
        raise invalid(error, "query") from None


def _inputs(declaration: Declaration, request: Request, body: bytes) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if declaration.query is not None:
        inputs["query"] = parse_query(declaration.query, request.args.to_dict())
    if declaration.command is not None:
        if b"\\u0000" in body:
            raise BadInput.field("body", "must not contain the character U+0000")
        try:
            inputs["command"] = declaration.command.model_validate_json(body or b"{}")
        except ValidationError as error:
            raise invalid(error, "body") from None
        if isinstance(inputs["command"], Push) and trace.HEADER in inputs["command"].message.attributes:
            trace.follow(inputs["command"].message.attributes[trace.HEADER])
    return inputs


def _body(request: Request) -> bytes:
    if (request.content_length or 0) > BODY_LIMIT:
        raise TooLarge(f"Send at most {BODY_LIMIT} bytes.")
    body = request.stream.read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        raise TooLarge(f"Send at most {BODY_LIMIT} bytes.")
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Unreadable(f"The body is not UTF-8: byte {error.start} cannot be read.") from None
    return body


def _if_match(request: Request) -> int | None:
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    version = header.strip().removeprefix("W/").strip('"')
    if not version.isdecimal():
        raise PreconditionFailed("If-Match must be the ETag of an earlier answer, or *.")
    return int(version)


def _method_not_allowed(declaration: Declaration) -> Response:
    body = {
        "code": "method_not_allowed",
        "title": "Method not allowed",
        "status": 405,
        "detail": f"This address answers {declaration.method} only.",
    }
    response = problem_response(body, request_id_of(None))
    response.headers["Allow"] = declaration.method
    return response
