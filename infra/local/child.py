"""A process of the runtime."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Child:
    """`failures` counts its restarts in a row."""

    name: str
    command: list[str]
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0

    def spawn(self, environment: dict[str, str], logs: Path) -> None:
        """Start it, or start it again, with a log of its name in that folder."""
        with (logs / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
