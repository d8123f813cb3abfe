"""The tour of the README, typed into a shell line by line, on a market that is really running."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.fixtures.market import Market, until

README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the tour is typed with curl, which is not installed here")
@pytest.mark.timeout(300)
def test_the_five_minute_tour_does_what_it_says(market: Market) -> None:
    market.start()
    until(lambda: sum(market.counts().values()) > 0, "the stores are open and somebody has ordered")
    text = README.read_text()
    tour = text[text.index("## Five minutes") : text.index("## How it is built")]
    script = "\n".join(re.findall(r"```sh\n(.*?)```", tour, re.DOTALL))
    script = script.replace("http://127.0.0.1:8080", market.base_url).replace("-m 120", "-m 15")
    script = script.replace('"…"', json.dumps(market.admin_password))
    ran = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=200, check=False)
    said = ran.stdout
    for line in (
        '"code": "age_check_required"',
        "\nage_verified\n",
        "\npayment_authorized\n",
        "event: order_status",
        '"type": "age_check_passed"',
        '"valid":true',
    ):
        assert line in said, f"the tour did not say {line!r}:\n{said[-2_000:]}\n{ran.stderr[-500:]}"
