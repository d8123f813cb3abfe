"""Serving built files: content types, caching, and the headers that keep a page to its own origin."""

import mimetypes
from pathlib import Path

from flask import Response

from shared.kernel.errors import NotFound

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

APP_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)


def file_response(root: Path, asset: str, *, cache: str = REVALIDATE, policy: str = APP_POLICY) -> Response:
    """A file below `root`. Raises NotFound for anything else, also for ways out of `root`."""
    file = (root / asset).resolve()
    if not file.is_relative_to(root.resolve()) or not file.is_file():
        raise NotFound("There is no such file. Build the web apps with `make web` if they are missing.")
    content_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = Response(file.read_bytes(), mimetype=content_type)
    response.headers["Cache-Control"] = cache
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
