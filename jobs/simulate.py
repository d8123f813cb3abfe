"""`cloudrun job simulate`: play public days of meal delivery minute by minute with the dispatch engine, and measure.

`--instance DIR` plays one day, `--all DIR` a folder of them, on all cores. `--help` lists the options.
"""

import sys

from shared.kernel.deployment import JobDeployment
from shared.simulation import command

DEPLOYMENT = JobDeployment(on_cloud=False)


def main() -> None:
    sys.exit(command.main())
