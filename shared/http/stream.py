"""The decorator that makes a topic into a stream: Server-Sent Events (HTML standard, 9.2) from an ASGI function.

    @stream("GET", "/v1/orders/{order_id}/stream", roles=ANY_ROLE, owner=Owner.ORDER)
    def stream_order(order_id: str) -> str:
        return f"order:{order_id}"

`id:` is the change's id; a client that comes back with `Last-Event-ID` gets what it missed in the last hour. A comment
every 15 s keeps proxies from closing the line. The client deduplicates by id.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Set
from typing import Any, Protocol, cast

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shared.http.admission import admit
from shared.http.declaration import Declaration, Owner
from shared.http.endpoint import bearer_token, declare_handler, parse_query, path_arguments, request_id_of
from shared.http.problems import problem
from shared.kernel.deployment import READS, STREAMING, Resource
from shared.kernel.errors import BadInput
from shared.kernel.roles import Role
from shared.live.protocol import Change
from shared.telemetry import trace
from shared.wiring.live import live_store
from shared.wiring.storage import unit_of_work

KEEP_ALIVE_S = 15.0


class Stream(Protocol):
    """What functions-framework's ASGI flavour calls, and the contract it carries."""

    declaration: Declaration

    async def __call__(self, request: Request) -> Response: ...


def stream(
    method: str, path: str, *, roles: Set[Role], owner: Owner | None = None
) -> Callable[[Callable[..., str]], Stream]:
    """Declare a stream. The handler takes names from the path, and `query`, and gives the topic to follow."""

    def declare(handler: Callable[..., str]) -> Stream:
        declaration = declare_handler(
            handler, method, path, roles=roles, owner=owner, idempotency="none", process="stream", status=200,
            uses=READS | {Resource.LIVE_READ}, sizing=STREAMING,
        )  # fmt: skip

        async def function(request: Request) -> Response:
            return await _serve(declaration, request)

        function.__name__ = declaration.name
        function.__doc__ = declaration.summary
        function.declaration = declaration  # type: ignore[attr-defined]
        return cast(Stream, function)

    return declare


async def _serve(declaration: Declaration, request: Request) -> Response:
    request_id = request_id_of(request.headers.get("X-Request-Id"))
    trace.follow(request.headers.get(trace.HEADER))
    try:
        topic = await asyncio.to_thread(_admitted_topic, declaration, request)
        changes = await live_store().watch(topic, _last_event_id(request.headers.get("Last-Event-ID")))
    except Exception as error:
        refusal = problem(error, request_id)
        return Response(refusal.get_data(), refusal.status_code, dict(refusal.headers))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Request-Id": request_id}
    return StreamingResponse(_events(changes), media_type="text/event-stream", headers=headers)


def _admitted_topic(declaration: Declaration, request: Request) -> str:
    arguments: dict[str, Any] = dict(path_arguments(declaration, request.url.path))
    with unit_of_work() as work:
        address = request.client.host if request.client else ""
        admit(declaration, work, bearer_token(request.headers.get("Authorization")), address, arguments)
    if declaration.query is not None:
        arguments["query"] = parse_query(declaration.query, dict(request.query_params))
    return str(declaration.handler(**{name: arguments[name] for name in declaration.arguments}))


async def _events(changes: AsyncIterator[Change]) -> AsyncIterator[str]:
    """The stream's text. A line goes out at once, so that the client knows it is connected."""
    yield ": connected\n\n"
    pending = asyncio.ensure_future(anext(changes))
    try:
        while True:
            done, _ = await asyncio.wait({pending}, timeout=KEEP_ALIVE_S)
            if not done:
                yield ": keep-alive\n\n"
                continue
            yield _event(pending.result())
            pending = asyncio.ensure_future(anext(changes))
    finally:
        pending.cancel()


def _event(change: Change) -> str:
    return f"id: {change.id}\nevent: {change.event}\ndata: {json.dumps(change.data)}\n\n"


def _last_event_id(header: str | None) -> int | None:
    """Raises BadInput for an id that no stream gave."""
    if header is None:
        return None
    if not header.isascii() or not header.isdecimal() or len(header) > 18:
        raise BadInput.field("header.Last-Event-ID", "must be the id of an event of this stream")
    return int(header)
