"""Streams, each an ASGI application of functions-framework, behind uvicorn: one thread, many open responses."""

import gc
import signal
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import uvicorn
from functions_framework.aio import create_asgi_app

from infra.serving.targets import Target, choose
from infra.serving.wsgi import GRACE_S, HEALTH
from shared.telemetry import export
from shared.telemetry.logs import request_served

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


def serve(targets: tuple[Target, ...], host: str, port: int) -> None:
    """Until SIGTERM: then no new connection is taken, and open streams are given a moment; clients come back elsewhere."""
    apps = {target.name: create_asgi_app(target.name, str(target.source), "http") for target in targets}
    gc.freeze()  # what is loaded stays: a full collection need not look through it, which takes as long as a dozen requests
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises it again when it has drained; that is a success
    uvicorn.run(
        application(targets, apps), host=host, port=port, lifespan="off", log_config=None, access_log=False,
        timeout_graceful_shutdown=GRACE_S - 4, timeout_keep_alive=75,
    )  # fmt: skip


def application(targets: tuple[Target, ...], apps: dict[str, Application]) -> Application:
    """Answers the platform's probe itself, hands a request to its stream, and tells of it when it ends."""

    async def serve_one(scope: Message, receive: Receive, send: Send) -> None:
        if scope["path"] == HEALTH:
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
            )
            await send({"type": "http.response.body", "body": b'{"status":"ok"}'})
            return
        target = choose(targets, scope["method"], scope["path"])
        headers = dict(scope["headers"])
        started = time.perf_counter()
        with export.serving(
            target.name, scope["method"], target.route, headers.get(b"traceparent", b"").decode()
        ) as served:

            async def noting_status(message: Message) -> None:
                if message["type"] == "http.response.start":
                    served.status = message["status"]
                await send(message)

            try:
                await apps[target.name](scope, receive, noting_status)
            finally:
                seconds = time.perf_counter() - started
                request_served(target.name, scope["method"], target.route, served.status, seconds)

    return serve_one
