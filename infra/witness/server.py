"""The witness over HTTP: `POST /add-checkpoint` of c2sp.org/tlog-witness, and nothing else."""

import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from infra.witness.memory import Memory
from shared.dossier.checkpoint import CheckpointError, Signer, VerifierKey, parse_text, split
from shared.dossier.witness import Head, Refused, cosign, examine, read_request

LONGEST_BODY = 65_536
TIMEOUT_S = 10.0

Logs = Mapping[str, Sequence[VerifierKey]]


def answer(body: str, signer: Signer, logs: Logs, memory: Memory, now: int) -> str:
    """The line of a cosignature, made only once it is remembered what was cosigned. Raises Refused."""
    request = read_request(body)
    text = _text(request.note)

    def judge(seen: dict[str, Head]) -> Head:
        checkpoint = examine(request, logs, seen)
        return Head(checkpoint.size, checkpoint.root)

    memory.advance(parse_text(text).origin, judge)
    return cosign(text, signer, now).line()


def _text(note: str) -> str:
    try:
        text = split(note)[0]
        parse_text(text)
    except CheckpointError as error:
        raise Refused(400, str(error)) from error
    return text


def serve(host: str, port: int, signer: Signer, logs: Logs, memory: Memory) -> ThreadingHTTPServer:
    """A bound server; `serve_forever` runs it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = TIMEOUT_S

        def do_POST(self) -> None:
            if self.path != "/add-checkpoint":
                self._answer(404, "POST /add-checkpoint is all there is\n")
                return
            try:
                self._answer(200, answer(self._body(), signer, logs, memory, int(time.time())))
            except Refused as refused:
                kind = "text/x.tlog.size" if refused.status == 409 else "text/plain"
                self._answer(refused.status, refused.text, kind)

        def _body(self) -> str:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LONGEST_BODY:
                raise Refused(413, f"the body needs a length of at most {LONGEST_BODY} bytes")
            try:
                return self.rfile.read(int(length)).decode()
            except UnicodeDecodeError as error:
                raise Refused(400, "the body is not UTF-8") from error

        def _answer(self, status: int, text: str, kind: str = "text/plain") -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind == "text/plain" else kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer((host, port), Handler)
