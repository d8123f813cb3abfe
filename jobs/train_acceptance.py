"""`cloudrun job train_acceptance`: learn who accepts offers from the offer log; the model takes over when it is better."""

import sys

from shared.kernel.deployment import JobDeployment
from shared.prediction.logistic import NotEnoughData
from shared.prediction.models import retrain
from shared.wiring.storage import unit_of_work

DEPLOYMENT = JobDeployment(memory_mib=1024, schedule="15 9 * * *")


def main() -> None:
    """Ends with a sentence when there is too little to learn from."""
    try:
        with unit_of_work() as work:
            trained = retrain(work)
    except NotEnoughData as error:
        sys.exit(f"Nothing was learnt: {error}.")
    for name, quality in (("candidate", trained.candidate), ("incumbent", trained.incumbent)):
        print(
            f"{name}: log loss {quality.log_loss:.4f}, calibration error {quality.calibration:.3f} on {quality.n} offers"
        )
    print(f"{trained.model.version} {'is promoted' if trained.promoted else 'is kept, and not promoted'}.")
