"""`python -m infra.serving`: the entry point of the image. `FUNCTION_TARGET` names the function, or several with commas."""

import os
import sys

from infra.serving.targets import UnknownTarget, read_targets
from shared.telemetry import logs


def main() -> None:
    logs.configure(os.environ.get("GOOGLE_CLOUD_PROJECT", ""))
    try:
        targets = read_targets(os.environ.get("FUNCTION_TARGET", ""))
    except UnknownTarget as error:
        sys.exit(str(error))
    host, port = os.environ.get("HOST", "0.0.0.0"), int(os.environ.get("PORT", "8080"))
    if targets[0].flavour == "asgi":
        from infra.serving import asgi

        asgi.serve(targets, host, port)
    else:
        from infra.serving import wsgi

        wsgi.serve(targets, host, port)


if __name__ == "__main__":
    main()
