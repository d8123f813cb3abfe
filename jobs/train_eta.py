"""`cloudrun job train_eta`: learn in each region by how much arrivals differ from what is foretold, at order and at pickup."""

import sys

from shared.kernel.deployment import JobDeployment
from shared.prediction.logistic import NotEnoughData
from shared.prediction.timings import regions, retrain_eta
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(memory_mib=1024, schedule="45 9 * * *")


def main() -> None:
    """A region with too little to learn from is named and left as it is; ends with a sentence when all are."""
    learnt = False
    with unit_of_work() as work:
        for region_id in regions(work):
            print(f"Learning from the arrivals of {region_id} …", flush=True)
            try:
                trained = retrain_eta(work, region_id)
            except NotEnoughData as error:
                print(f"{region_id}: nothing was learnt: {error}.")
                continue
            learnt = True
            for moment, found in trained.items():
                told = ", ".join(
                    f"{name} {quality.close:.0%}"
                    for name, quality in (("candidate", found.candidate), ("as told", found.incumbent))
                )
                verdict = "promoted" if found.promoted else "kept, and not promoted"
                print(
                    f"{region_id}, at the {moment}: within three minutes {told}, on {found.candidate.n} orders; {verdict}."
                )
    if not learnt:
        sys.exit("No region has enough arrivals yet.")
