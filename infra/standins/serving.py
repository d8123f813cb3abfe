"""A vendor's HTTP server on this machine."""

import sys
from http.server import ThreadingHTTPServer
from typing import Any


class VendorServer(ThreadingHTTPServer):
    """One thread for each connection. That a client loses patience and hangs up is no error of the vendor's."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)
