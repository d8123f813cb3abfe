"""Onfido's HTTP API, version 3.6, as far as age checks need it.

POST   /v3.6/applicants          GET, DELETE /v3.6/applicants/{id}
POST   /v3.6/workflow_runs       GET         /v3.6/workflow_runs/{id}, /v3.6/workflow_runs?tags=
"""

import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from infra.standins.onfido.records import Gone, Json, Records, Unknown

PREFIX = "/v3.6"
LONGEST_BODY = 65_536


class Refused(Exception):
    """An answer that is an error, in Onfido's own form."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "fields": {}}}


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with the next request of this method below this path: an error status instead of doing it, or no
    answer after doing it."""

    method: str
    path: str
    does: int | Literal["no answer"]


@dataclass
class Behaviour:
    """`after_run` hears of each run that was created, before its request is answered."""

    faults: list[Fault] = field(default_factory=list)
    after_run: Callable[[Json], None] | None = None
    closing: threading.Event = field(default_factory=threading.Event)

    def fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and path.startswith(fault.path):
                self.faults.remove(fault)
                return fault
        return None


def answer(records: Records, behaviour: Behaviour, method: str, path: str, query: Json, body: Json) -> tuple[int, Any]:
    """(status, content) of one request. Raises Refused, Unknown, Gone."""
    kind, _, name = path.strip("/").partition("/")
    if (method, kind, bool(name)) == ("POST", "applicants", False):
        return 201, records.add_applicant(_sound_applicant(body))
    if (method, kind) == ("GET", "applicants"):
        return 200, records.applicant(name) if name else {"applicants": records.applicants()}
    if kind == "applicants" and name and method == "DELETE":
        records.delete_applicant(name)
        return 204, None
    if (method, kind, bool(name)) == ("POST", "workflow_runs", False):
        run = records.add_run(body)
        if behaviour.after_run:
            behaviour.after_run(run)
        return 201, run
    if (method, kind) == ("GET", "workflow_runs"):
        return 200, records.run(name) if name else records.runs_tagged(query["tags"][0])
    raise Unknown


def _sound_applicant(told: Json) -> Json:
    agreed = {consent["name"] for consent in told.get("consents", ()) if consent["granted"]}
    country = told.get("location", {}).get("country_of_residence")
    if not told.get("first_name") or not told.get("last_name"):
        raise Refused(422, "validation_error", "first_name and last_name are needed")
    if country == "USA" and "privacy_notices_read" not in agreed:
        raise Refused(422, "validation_error", "applicants in the USA must have read the privacy notices")
    return told


def serve(host: str, port: int, api_token: str, records: Records, behaviour: Behaviour) -> ThreadingHTTPServer:
    """A bound server; `serve_forever` runs it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix(PREFIX)
            body = self._body()
            fault = behaviour.fault(self.command, path)
            try:
                if self.headers.get("Authorization") != f"Token token={api_token}":
                    raise Refused(401, "authorization_error", "the token is not known")
                if fault is not None and isinstance(fault.does, int):
                    raise Refused(fault.does, "internal_error", "made to fail")
                status, content = answer(records, behaviour, self.command, path, parse_qs(parts.query), body)
            except Refused as refused:
                status, content = refused.status, refused.body
            except (Unknown, Gone) as missing:
                gone = isinstance(missing, Gone)
                status = 410 if gone else 404
                content = {"error": {"type": "gone" if gone else "resource_not_found", "message": "not here"}}
            if fault is not None and fault.does == "no answer":
                behaviour.closing.wait()
            else:
                self._answer(status, content)

        def _body(self) -> Json:
            length = min(int(self.headers.get("Content-Length") or 0), LONGEST_BODY)
            return dict(json.loads(self.rfile.read(length))) if length else {}

        def _answer(self, status: int, content: Any) -> None:
            body = b"" if content is None else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("X-Request-Id", uuid.uuid4().hex)
            if status == 429:
                self.send_header("Retry-After", "60")
            if content is not None:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Addresses of requests hold ids alone, but a log of a vendor is not ours to write."""

    return ThreadingHTTPServer((host, port), Handler)
