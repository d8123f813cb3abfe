"""`cloudrun job train_preparation`: learn how long each store takes at each hour; promised times follow when it is better."""

import sys

from shared.kernel.deployment import JobDeployment
from shared.prediction.logistic import NotEnoughData
from shared.prediction.timings import retrain_preparation
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(memory_mib=1024, schedule="30 9 * * *")


def main() -> None:
    """Ends with a sentence when there is too little to learn from."""
    print("Learning from what became ready …", flush=True)
    try:
        with unit_of_work() as work:
            trained = retrain_preparation(work)
    except NotEnoughData as error:
        sys.exit(f"Nothing was learnt: {error}.")
    for name, quality in (("candidate", trained.candidate), ("as announced", trained.incumbent)):
        print(f"{name}: {quality.error_s:.0f} s off on average, on {quality.n} later orders")
    verdict = "is promoted" if trained.promoted else "is kept, and not promoted"
    print(f"The model of {int(trained.known.sum())} stores {verdict}.")
