"""`cloudrun job simulate`: play public days of meal delivery minute by minute with the dispatch engine, and measure.

`--instance DIR` plays one day, `--all DIR` a folder of them, on all cores. `--help` lists the options.
"""

import importlib
import sys


def main() -> None:
    """The simulator is a tool beside the product, so it is looked up when asked for and not imported."""
    sys.exit(importlib.import_module("infra.simulation.command").main())
