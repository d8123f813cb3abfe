"""Acceptance models in the database: trained from the offer log, kept with their quality, promoted when better."""

import json
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from shared.dispatch.engine import Acceptance
from shared.kernel.clock import rfc3339
from shared.kernel.ids import first_id
from shared.prediction.acceptance import Observation, Trained, train
from shared.storage.work import Work

LEARN_FROM = timedelta(days=60)
"""Older offers tell of drivers and streets that are no longer the same."""


def retrain(work: Work) -> Trained:
    """Learn from the log and keep the model; ticks use it from now on if it is promoted. Raises NotEnoughData."""
    since = work.now - LEARN_FROM
    observations = [
        Observation(row["at"], tuple(row["seen"]), row["accepted"])
        for row in work.run(_ANSWERED, since=since, first_tick=first_id("tck", since))
    ]
    trained = train(observations, incumbent(work), f"trained-{rfc3339(work.now)}")
    work.run(
        _KEEP,
        version=trained.model.version,
        now=work.now,
        promoted=trained.promoted,
        coefficients=json.dumps(asdict(trained.model)),
        quality=json.dumps(
            {
                "candidate": asdict(trained.candidate),
                "incumbent": asdict(trained.incumbent),
                "standard_errors": trained.standard_errors,
            }
        ),
    )
    return trained


def incumbent(work: Work) -> Acceptance:
    """The model that ticks use now."""
    row = work.one(_PROMOTED)
    coefficients: dict[str, Any] = row["coefficients"] if row else {}
    return Acceptance(**coefficients)


_ANSWERED = """
    SELECT o.offered_at AS at, o.status = 'accepted' AS accepted,
           ARRAY[l.history, l.approach_s, l.idle_s, l.pay_doublings, l.night, l.attempts] AS seen
    FROM offers o JOIN offer_logs l USING (offer_id)
    WHERE o.status IN ('accepted', 'rejected', 'expired') AND o.offered_at > :since AND l.tick_id >= :first_tick
    ORDER BY o.offered_at, o.offer_id
"""
_PROMOTED = "SELECT coefficients FROM acceptance_models WHERE promoted ORDER BY trained_at DESC LIMIT 1"
_KEEP = """
    INSERT INTO acceptance_models (version, trained_at, promoted, coefficients, quality)
    VALUES (:version, :now, :promoted, :coefficients, :quality)
"""
