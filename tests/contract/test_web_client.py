"""The web apps against the API they are written for."""

import os
import subprocess
from pathlib import Path

import pytest

from infra.tools.web import node_folder

MISSION = Path(__file__).resolve().parents[2] / "functions" / "web" / "mission"

pytestmark = pytest.mark.skipif(
    not (MISSION / "node_modules").is_dir(), reason="the web apps are not built: run `make web`"
)


def npx(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1"}
    return subprocess.run(
        ["npx", "--no-install", *command], cwd=MISSION, env=environment, capture_output=True, text=True, check=False
    )


def test_the_typed_client_is_the_one_of_the_openapi_document(tmp_path: Path) -> None:
    made = tmp_path / "schema.d.ts"
    ran = npx("openapi-typescript", "../../../docs/openapi.json", "--output", str(made))
    assert ran.returncode == 0, ran.stderr
    committed = MISSION / "src" / "api" / "schema.d.ts"
    assert committed.read_text() == made.read_text(), "run `npm run generate` in functions/web/mission"


def test_mission_control_passes_its_own_tests() -> None:
    ran = npx("vitest", "run")
    assert ran.returncode == 0, ran.stdout[-3_000:] + ran.stderr[-1_000:]
