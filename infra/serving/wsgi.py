"""Plain functions, each an application of functions-framework, behind one WSGI server with as many threads as requests."""

import gc
import time
from collections.abc import Callable, Iterable
from typing import Any

import flask
from functions_framework import create_app
from functions_framework._http import create_server

from infra.serving.targets import Target, choose
from shared.telemetry import export
from shared.telemetry.logs import request_served

HEALTH = "/health"
GRACE_S = 9
"""Cloud Run ends a container ten seconds after SIGTERM."""

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def serve(targets: tuple[Target, ...], host: str, port: int) -> None:
    """Until SIGTERM: then no new connection is taken, and what is being answered is finished first."""
    apps = {target.name: create_app(target.name, str(target.source), "http") for target in targets}
    front: flask.Flask = apps[targets[0].name]
    front.wsgi_app = application(targets, {name: app.wsgi_app for name, app in apps.items()})  # type: ignore[method-assign]
    gc.freeze()  # what is loaded stays: a full collection need not look through it, which takes as long as a dozen requests
    create_server(front, debug=False, graceful_timeout=GRACE_S, keepalive=75).run(host, port)


def application(targets: tuple[Target, ...], apps: dict[str, Application]) -> Application:
    """Answers the platform's probe itself, hands a request to its function, and tells of it."""

    def serve_one(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/")
        if path == HEALTH:
            start_response("200 OK", [("Content-Type", "application/json")])
            return [b'{"status":"ok"}']
        target = choose(targets, method, path)
        started = time.perf_counter()
        with export.serving(target.name, method, target.route, environ.get("HTTP_TRACEPARENT")) as served:
            if served.traceparent:
                environ["HTTP_TRACEPARENT"] = served.traceparent

            def noting_status(status: str, *rest: Any) -> Any:
                served.status = int(status[:3])
                return start_response(status, *rest)

            body = apps[target.name](environ, noting_status)
            request_served(target.name, method, target.route, served.status, time.perf_counter() - started)
            return body

    return serve_one
