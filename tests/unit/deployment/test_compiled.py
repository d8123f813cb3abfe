"""What an image compiles when it is built is what its processes load when they serve."""

import os
import subprocess
import sys
from pathlib import Path

from tests.unit.deployment.test_image import DOCKERFILE

ROOT = Path(__file__).resolve().parents[3]


def compile_into(cache: Path) -> str:
    """What numba says of its cache while everything is compiled, or loaded."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "NUMBA_CPU_NAME": "generic", "NUMBA_DEBUG_CACHE": "1"}
    command = [sys.executable, "-m", "infra.serving.compile"]
    return subprocess.run(command, cwd=ROOT, env=environment, text=True, capture_output=True, check=True).stdout


def test_a_second_process_loads_all_that_the_first_one_compiled(tmp_path: Path) -> None:
    assert "data saved" in compile_into(tmp_path)
    again = compile_into(tmp_path)
    assert "data loaded" in again
    assert "data saved" not in again


def test_the_image_compiles_as_the_user_that_serves_into_a_cache_of_its_own() -> None:
    assert "ENV NUMBA_CACHE_DIR=/var/cache/numba NUMBA_CPU_NAME=generic" in DOCKERFILE
    assert DOCKERFILE.index("USER 10001") < DOCKERFILE.index("RUN python -m infra.serving.compile")
    assert DOCKERFILE.index("touch -d @0") < DOCKERFILE.index("RUN python -m compileall")
