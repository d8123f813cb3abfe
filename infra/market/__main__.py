"""`python -m infra.market BASE_URL HOME RATE`: the live market as a process; one JSON line per happening on stdout."""

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


def main() -> None:
    die_with_parent()
    base_url, home, rate = sys.argv[1:]
    asyncio.run(_run(base_url, Path(home), float(rate)))


async def _run(base_url: str, home: Path, rate: float) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run_market(
        base_url, os.environ["ADMIN_EMAIL"], os.environ["ADMIN_PASSWORD"], home, rate=rate, seed=SEED, stop=stop, tell=_tell
    )


def _tell(happening: Json) -> None:
    print(json.dumps(happening), flush=True)


if __name__ == "__main__":
    main()
