"""`python -m infra.standins.stripe PORT FILE WEBHOOK_URL`: the stand-in until SIGTERM; PAYMENTS_KEY and PAYMENTS_WEBHOOK_KEY."""

import os
import signal
import sys
import threading

from infra.local.lifeline import die_with_parent
from infra.standins.stripe.server import Settings, StandIn


def main() -> None:
    die_with_parent()
    port, file, webhook_url = sys.argv[1:]
    secret_key, webhook_secret = os.environ["PAYMENTS_KEY"], os.environ["PAYMENTS_WEBHOOK_KEY"]
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with StandIn(Settings(secret_key, webhook_secret, int(port), file, webhook_url=webhook_url)):
        ended.wait()


if __name__ == "__main__":
    main()
