"""`cloudrun chaos`: the suite's storms, as long as one likes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORM = "tests/chaos/test_vendors.py::test_ours_is_what_both_vendors_have_after_a_storm"
ONLY_THE_REPORT = ("--tb=line", "--show-capture=no")


def vendors(orders: int) -> int:
    """Orders whose payments and age checks fail at random, and a report of what differs in the end; the exit code."""
    storm = [STORM, "--chaos-orders", str(orders), "-s", *ONLY_THE_REPORT]
    return subprocess.run([sys.executable, "-m", "pytest", *storm], cwd=ROOT, check=False).returncode
