"""What several commands may be told."""

from pathlib import Path
from typing import Annotated

import typer

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / ".cloudrun"
"""Where a market is kept when nothing else is said."""

DataDir = Annotated[Path, typer.Option(help="Where the market keeps everything; starting again on it finds all data.")]
Port = Annotated[int, typer.Option(help="The one port that serves the API and the web apps.", min=1, max=65535)]
Write = Annotated[bool, typer.Option("--write", help="Write the committed document.")]
Check = Annotated[bool, typer.Option("--check", help="Fail when the committed document is stale.")]
