"""Objects as files of a folder, over HTTP (cloud.google.com/storage/docs/json_api/v1/objects).

The real client talks to it when STORAGE_EMULATOR_HOST names it. It serves `insert` as a multipart upload with the condition
`ifGenerationMatch=0`, and `get` of an object's content (`alt=media`) or of its name alone; a bucket is there as soon as it is
written to. What is kept is never changed, as under a retention policy: an upload without that condition is refused.
"""

import email.parser
import email.policy
import json
import os
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

UPLOAD = "/upload/storage/v1/b/"
DOWNLOAD = "/download/storage/v1/b/"
LOOK = "/storage/v1/b/"


class Running:
    """A stand-in that runs until `stop`."""

    def __init__(self, folder: Path, port: int) -> None:
        handler = type("Objects", (_Objects,), {"folder": folder})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="storage", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def start(folder: Path, port: int = 0) -> Running:
    """Serve what is in the folder on a port of the loopback address, 0 for a free one. Raises OSError when it is taken."""
    folder.mkdir(parents=True, exist_ok=True)
    return Running(folder, port)


class _Objects(BaseHTTPRequestHandler):
    folder: Path
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not parts.path.startswith(UPLOAD) or query.get("uploadType") != ["multipart"]:
            return self._refuse(501, "only multipart uploads are served here")
        if query.get("ifGenerationMatch") != ["0"]:
            return self._refuse(403, "what is kept here is never changed: upload with ifGenerationMatch=0")
        metadata, content = _multipart(self.headers["Content-Type"], body)
        bucket = parts.path.removeprefix(UPLOAD).partition("/")[0]
        if not _keep(self.folder / _file(bucket, metadata["name"]), content):
            return self._refuse(412, "At least one of the pre-conditions you specified did not hold.")
        return self._answer(200, "application/json", json.dumps(metadata | {"bucket": bucket}).encode())

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        bucket, found, quoted = path.removeprefix(DOWNLOAD).removeprefix(LOOK).partition("/o/")
        name = unquote(quoted)
        file = self.folder / _file(bucket, name)
        if not found or not file.is_file():
            return self._refuse(404, f"No such object: {bucket}/{name}")
        if path.startswith(DOWNLOAD):
            return self._answer(200, "application/octet-stream", file.read_bytes())
        return self._answer(200, "application/json", json.dumps({"name": name, "bucket": bucket}).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def _refuse(self, status: int, message: str) -> None:
        body = {"error": {"code": status, "message": message, "errors": [{"message": message}]}}
        self._answer(status, "application/json", json.dumps(body).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _file(bucket: str, name: str) -> Path:
    """Where an object is kept: a name's parts are folders, and none leads out of the bucket's."""
    safe = [part.replace("..", "%2e%2e") for part in name.split("/")]
    return Path(bucket.replace("..", "%2e%2e"), *safe)


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], bytes]:
    """Metadata and content of a multipart/related body (RFC 2387)."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    metadata, content = (part.get_payload(decode=True) for part in message.iter_parts())
    return json.loads(metadata), content


def _keep(file: Path, content: bytes) -> bool:
    """False when there is a file already; a reader sees all of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.draft")
    draft.write_bytes(content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
