"""`cloudrun chaos`: the suite's storms, as long as one likes."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def vendors(orders: int) -> int:
    """Orders whose payments fail at random, until the processor's books are ours; the exit code."""
    storm = [str(ROOT / "tests" / "chaos" / "test_vendors.py"), "--chaos-orders", str(orders), "-s"]
    return subprocess.run([sys.executable, "-m", "pytest", *storm], cwd=ROOT, check=False).returncode
