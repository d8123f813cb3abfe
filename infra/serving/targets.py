"""The functions of this container, looked up in the committed manifest: importing every function to find one is too slow."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from shared.http.declaration import path_pattern

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = ROOT / "terraform" / "manifest.json"


class UnknownTarget(RuntimeError):
    """FUNCTION_TARGET does not name functions that one container can serve; the message says what it may be."""


@dataclass(frozen=True, slots=True)
class Target:
    """`route` is the declared path, with its placeholders."""

    name: str
    source: Path
    method: str
    route: str
    flavour: str
    pattern: re.Pattern[str]


def read_targets(names: str) -> tuple[Target, ...]:
    """`names` separated by commas, all of one flavour. Raises UnknownTarget."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    entries = {entry["name"]: entry for entry in json.loads(MANIFEST.read_text())["functions"]}
    unknown = [name for name in wanted if name not in entries]
    if unknown or not wanted:
        what = f"names {', '.join(unknown)}, which the manifest does not have" if unknown else "is not set"
        raise UnknownTarget(f"FUNCTION_TARGET {what}. `cloudrun manifest` lists the functions.")
    chosen = [entry for name, entry in entries.items() if name in wanted]
    if len({entry["flavour"] for entry in chosen}) > 1:
        raise UnknownTarget("FUNCTION_TARGET mixes streams with other functions; give each flavour its own service.")
    return tuple(
        Target(e["name"], ROOT / e["source"], e["method"], e["path"], e["flavour"], path_pattern(e["path"]))
        for e in chosen
    )


def choose(targets: tuple[Target, ...], method: str, path: str) -> Target:
    """Whose request this is: the first of its path and method, else of its path, else any, which will answer 404."""
    of_path = [target for target in targets if target.pattern.match(path)]
    return next((target for target in of_path if target.method == method), (of_path or targets)[0])
