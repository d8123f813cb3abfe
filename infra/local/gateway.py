"""One port for every function: an ASGI application that routes by the declarations.

Plain functions run in one pool of threads, streams natively; functions that declare another process (`dispatch` holds the
interpreter lock while it solves) are forwarded to it. On Google Cloud the load balancer's URL map does this.
"""

import asyncio
import contextvars
import json
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import httpx
from a2wsgi.wsgi import build_environ
from flask import Request as FlaskRequest
from starlette.requests import Request
from starlette.responses import Response
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from infra.local.usage import Meter
from infra.manifest import load_functions
from shared.http.declaration import Process
from shared.http.endpoint import BODY_LIMIT, Endpoint, request_id_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 4 * int(os.environ.get("POOL_SIZE", "8"))
"""Requests answered at a time: more than there are connections, for some wait for a vendor."""

FORWARD_TIMEOUT_S = 60.0


class Gateway:
    """Serves the functions of one process (`api` also serves streams); `elsewhere` is the base URL of the other one."""

    def __init__(self, process: Process, elsewhere: str | None) -> None:
        self._process = process
        functions = load_functions()
        self._routes = Map(
            [rule for number, function in enumerate(functions) for rule in _rules(function, number)],
            strict_slashes=False,
            merge_slashes=False,
        ).bind("gateway")
        threads = ThreadPoolExecutor(THREADS, thread_name_prefix="function")
        self._functions = [_serving(function, threads) for function in functions]
        self._processes = [function.declaration.process for function in functions]
        self._names = [function.declaration.name for function in functions]
        self.meter = Meter()
        self._forward = httpx.AsyncClient(base_url=elsewhere, timeout=FORWARD_TIMEOUT_S) if elsewhere else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        try:
            number, _ = self._routes.match(scope["path"] or "/", method=scope["method"])
        except MethodNotAllowed as error:
            await _refusal(405, error.valid_methods or ())(scope, receive, send)
        except NotFound:
            await _refusal(404)(scope, receive, send)
        else:
            await self._serve(int(number), scope, receive, send)

    async def _serve(self, number: int, scope: Scope, receive: Receive, send: Send) -> None:
        process = self._processes[number]
        here = process == self._process or (process == "stream" and self._process == "api")
        if here or self._forward is None:
            function = self._functions[number]
            await self.meter.measure(self._names[number], lambda send: function(scope, receive, send), send)
        else:
            response = await forward(self._forward, Request(scope, receive))
            await response(scope, receive, send)


def _rules(function: Endpoint, number: int) -> list[Rule]:
    """A path that ends in `{name:path}` also answers without that part."""
    declaration = function.declaration
    path = re.sub(r"\{(\w+):path\}", r"<path:\1>", declaration.path)
    path = re.sub(r"\{(\w+)\}", r"<\1>", path)
    paths = {path, re.sub(r"<path:\w+>$", "", path)}
    return [Rule(path, endpoint=str(number), methods=[declaration.method]) for path in sorted(paths)]


def _serving(function: Any, threads: ThreadPoolExecutor) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """A function as an ASGI application, in the flavour it is written for."""

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        response = await function(Request(scope, receive))
        await response(scope, receive, send)

    async def plain(scope: Scope, receive: Receive, send: Send) -> None:
        body = BytesIO(await _body(receive))
        response = await asyncio.get_running_loop().run_in_executor(
            threads, contextvars.copy_context().run, _respond, function, scope, body
        )
        await response(scope, receive, send)

    return stream if function.declaration.process == "stream" else plain


async def _body(receive: Receive) -> bytes:
    """The request's body; of one that is too long as much as shows that it is."""
    body, more = b"", True
    while more and len(body) <= BODY_LIMIT:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _respond(function: Endpoint, scope: Scope, body: BytesIO) -> Response:
    """What a plain function answers, whole: one way to its thread and one back."""
    environ = build_environ(scope, body)  # type: ignore[arg-type]
    answer, status, headers = function(FlaskRequest(environ)).get_wsgi_response(environ)
    response = Response(b"".join(answer), int(status.partition(" ")[0]))
    response.raw_headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return response


async def forward(client: httpx.AsyncClient, request: Request) -> Response:
    """The same request, answered by the other process."""
    headers = {name: value for name, value in request.headers.items() if name not in ("host", "content-length")}
    url = httpx.URL(path=request.url.path, query=request.url.query.encode())
    answer = await client.request(request.method, url, headers=headers, content=await request.body())
    kept = {
        name: value for name, value in answer.headers.items() if name not in ("content-length", "transfer-encoding")
    }
    return Response(answer.content, answer.status_code, headers=kept)


def _refusal(status: int, allowed: tuple[str, ...] | list[str] = ()) -> Response:
    code, detail = {
        404: ("not_found", "There is nothing at this address. GET /openapi.json lists what there is."),
        405: ("method_not_allowed", f"This address answers {', '.join(sorted(allowed))} only."),
    }[status]
    body = {
        "type": f"https://cloudrun.dev/problems/{code}",
        "code": code,
        "title": {404: "Not found", 405: "Method not allowed"}[status],
        "status": status,
        "detail": detail,
        "request_id": request_id_of(None),
    }
    headers = {"Allow": ", ".join(sorted(allowed))} if allowed else {}
    return Response(json.dumps(body), status, headers, media_type="application/problem+json")


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
