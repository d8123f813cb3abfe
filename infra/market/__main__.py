"""`python -m infra.market BASE_URL DATA_DIR RATE`: the live market as a process of its own.

Prints one JSON line per happening. `RATE` is orders in an average hour; an administrator's sign-in comes in `ADMIN_EMAIL`
and `ADMIN_PASSWORD`. SIGTERM, Ctrl-C and the end of the parent process end it.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from infra.local.lifeline import die_with_parent
from infra.market.client import Json
from infra.market.market import run_market

SEED = 1
"""Where the stores are and how the drivers are minded; customers come differently every time."""


async def main(base_url: str, data_dir: str, rate: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    email, password = os.environ["ADMIN_EMAIL"], os.environ["ADMIN_PASSWORD"]
    await run_market(base_url, email, password, Path(data_dir), rate=float(rate), seed=SEED, stop=stop, tell=tell)


def tell(happening: Json) -> None:
    print(json.dumps(happening), flush=True)


if __name__ == "__main__":
    die_with_parent()
    asyncio.run(main(*sys.argv[1:]))
