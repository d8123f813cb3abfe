"""Onfido's HTTP API, version 3.6, as far as age checks need it.

POST   /v3.6/applicants          GET, DELETE /v3.6/applicants/{id}, GET /v3.6/applicants?page=&per_page=
POST   /v3.6/workflow_runs       GET         /v3.6/workflow_runs/{id}, /v3.6/workflow_runs?tags=
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from infra.standins.faults import Fault, Faults
from infra.standins.onfido.records import Gone, Json, Records, Unknown
from infra.standins.serving import VendorServer

PREFIX = "/v3.6"
LONGEST_BODY = 65_536
APPLICANTS_A_PAGE = 20
UNDONE = {Fault.LIMITED: 429, Fault.BEFORE: 503, Fault.ERROR: 500}
"""How a request is refused that was not carried out."""


class Refused(Exception):
    """An answer that is an error, in Onfido's own form."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"type": kind, "message": message, "fields": {}}}


BROKEN = Refused(500, "internal_error", "made to fail").body


@dataclass(frozen=True, slots=True)
class Scripted:
    """What goes wrong with the next request of this method below this path: an error status instead of doing it, or a fault."""

    method: str
    path: str
    does: int | Fault


@dataclass
class Behaviour:
    """`faults` come by chance, `scripted` ones first. `after_run` hears of each run that was created, before its request is
    answered."""

    faults: Faults = field(default_factory=Faults)
    scripted: list[Scripted] = field(default_factory=list)
    after_run: Callable[[Json], None] | None = None

    def next(self, method: str, path: str) -> int | Fault | None:
        drawn = self.faults.draw(reading=method == "GET")
        for script in self.scripted:
            if script.method == method and path.startswith(script.path):
                self.scripted.remove(script)
                return script.does
        return drawn


def respond(
    records: Records, behaviour: Behaviour, method: str, path: str, query: Json, body: Json
) -> tuple[int, Any] | None:
    """(status, content) of one request, as what goes wrong with it has it. None when the connection is to end without one."""

    def act() -> tuple[int, Any]:
        try:
            return answer(records, behaviour, method, path, query, body)
        except Refused as refused:
            return refused.status, refused.body
        except Gone:
            return 410, {"error": {"type": "gone", "message": "not here any more"}}
        except Unknown:
            return 404, {"error": {"type": "resource_not_found", "message": "not here"}}

    wrong = behaviour.next(method, path)
    refusal = wrong if isinstance(wrong, int) else UNDONE.get(wrong)
    if refusal is not None:
        return refusal, BROKEN
    done = behaviour.faults.meet(wrong, act)
    return (500, BROKEN) if wrong == Fault.AFTER else done


def answer(records: Records, behaviour: Behaviour, method: str, path: str, query: Json, body: Json) -> tuple[int, Any]:
    """(status, content) of one request. Raises Refused, Unknown, Gone."""
    kind, _, name = path.strip("/").partition("/")
    if (method, kind, bool(name)) == ("POST", "applicants", False):
        return 201, records.add_applicant(_sound_applicant(body))
    if (method, kind) == ("GET", "applicants"):
        return 200, records.applicant(name) if name else {"applicants": _page(records.applicants(), query)}
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


def _page(found: list[Json], query: Json) -> list[Json]:
    """The newest first."""
    number, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", [str(APPLICANTS_A_PAGE)])[0])
    return found[::-1][(number - 1) * size : number * size]


def _sound_applicant(told: Json) -> Json:
    agreed = {consent["name"] for consent in told.get("consents", ()) if consent["granted"]}
    country = told.get("location", {}).get("country_of_residence")
    if not told.get("first_name") or not told.get("last_name"):
        raise Refused(422, "validation_error", "first_name and last_name are needed")
    if country == "USA" and "privacy_notices_read" not in agreed:
        raise Refused(422, "validation_error", "applicants in the USA must have read the privacy notices")
    return told


def serve(host: str, port: int, api_token: str, records: Records, behaviour: Behaviour) -> VendorServer:
    """A bound server; `serve_forever` runs it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def do_DELETE(self) -> None:
            self._serve()

        def _serve(self) -> None:
            parts, body = urlsplit(self.path), self._body()
            if self.headers.get("Authorization") != f"Token token={api_token}":
                return self._answer(401, Refused(401, "authorization_error", "the token is not known").body)
            path = parts.path.removeprefix(PREFIX)
            answered = respond(records, behaviour, self.command, path, parse_qs(parts.query), body)
            if answered is None:
                self.close_connection = True
                return None
            return self._answer(*answered)

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

    return VendorServer((host, port), Handler)
