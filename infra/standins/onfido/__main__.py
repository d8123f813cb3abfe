"""`python -m infra.standins.onfido PORT FILE WEBHOOK_URL`: runs until it is stopped; keys from the environment."""

import os
import signal
import sys
import threading

from infra.local.lifeline import die_with_parent
from infra.standins.onfido.records import Records
from infra.standins.onfido.server import Behaviour, serve
from infra.standins.onfido.webhooks import Webhook, work_through

DECIDE_AFTER_S = 2.0
"""Wall seconds in which a customer would have taken the pictures."""
LOOK_EVERY_S = 0.5


def main() -> None:
    die_with_parent()
    port, file, webhook_url = sys.argv[1:]
    records = Records(file)
    webhook = Webhook(webhook_url, os.environ["VERIFICATION_WEBHOOK_KEY"])
    server = serve("127.0.0.1", int(port), os.environ["VERIFICATION_KEY"], records, Behaviour())
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    while not ended.wait(LOOK_EVERY_S):
        work_through(records, webhook, DECIDE_AFTER_S)
    server.shutdown()
    server.server_close()
    records.close()


if __name__ == "__main__":
    main()
