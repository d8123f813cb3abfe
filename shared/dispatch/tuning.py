"""What a region decides with: versions of its own parameters over the platform's, only ever added to."""

import json
from dataclasses import replace
from typing import Any

from shared.dispatch.engine import Parameters
from shared.kernel.errors import NotFound
from shared.storage.work import Work


def applied(default: Parameters, region_id: str, version: int, overrides: dict[str, Any]) -> Parameters:
    """The parameters of a region's version; offers and ticks name it `<region>-<version>`.

    `overrides` has the shape of `Parameters.to_dict`, with only what differs. Raises ValueError on nonsense.
    """
    chosen = default.overridden(overrides)
    if "acceptance" in overrides:
        raise ValueError("acceptance is learnt from the offer log and not set by hand")
    if "version" in overrides.get("weights", {}):
        raise ValueError("weights.version is given when the parameters are stored; leave it out")
    return replace(chosen, weights=replace(chosen.weights, version=f"{region_id}-{version}"))


def set_parameters(work: Work, default: Parameters, region_id: str, overrides: dict[str, Any]) -> Parameters:
    """Store a region's next version, in force from the next tick. What is left out has the default.

    Raises NotFound for an unknown region; ValueError on nonsense, before anything is stored.
    """
    if work.one(_LOCK, region_id=region_id) is None:
        raise NotFound.of("region", region_id)
    version = work.run(_NEXT, region_id=region_id)[0]["version"]
    chosen = applied(default, region_id, version, overrides)
    work.run(_INSERT, region_id=region_id, version=version, parameters=json.dumps(overrides), now=work.now)
    return chosen


# Under the region's lock two versions cannot be numbered alike.
_LOCK = "SELECT region_id FROM regions WHERE region_id = :region_id FOR NO KEY UPDATE"
_NEXT = "SELECT coalesce(max(version), 0) + 1 AS version FROM dispatch_parameters WHERE region_id = :region_id"
_INSERT = """
    INSERT INTO dispatch_parameters (region_id, version, parameters, at) VALUES (:region_id, :version, :parameters, :now)
"""
