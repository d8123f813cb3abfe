"""OSRM sends what to do as a manoeuvre and a name; this makes the sentence."""

from __future__ import annotations

from typing import Any

from shared.routing.haversine import COMPASS

TURNS = {
    "left": "Turn left", "right": "Turn right", "slight left": "Turn slightly left", "slight right": "Turn slightly right",
    "sharp left": "Turn sharply left", "sharp right": "Turn sharply right", "uturn": "Make a U-turn",
    "straight": "Continue",
}  # fmt: skip
ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}


def sentence(step: dict[str, Any], arrival: str) -> str:
    """The instruction of one OSRM `RouteStep`; `arrival` is said at the end of its leg."""
    manoeuvre = step.get("maneuver", {})
    kind, modifier = str(manoeuvre.get("type", "")), str(manoeuvre.get("modifier", ""))
    street = str(step.get("name") or step.get("ref") or "")
    onto = f" onto {street}" if street else ""
    side = next((f" on the {word}" for word in ("left", "right") if modifier.endswith(word)), "")
    match kind:
        case "arrive":
            return arrival
        case "depart":
            compass = COMPASS[round(float(manoeuvre.get("bearing_after", 0)) / 45.0) % 8]
            return f"Head {compass}" + (f" on {street}" if street else "")
        case "merge":
            return "Merge" + onto
        case "on ramp" | "off ramp":
            return "Take the ramp" + side + onto
        case "fork":
            return "Keep" + (side.replace(" on the", "") or " straight") + onto
        case "roundabout" | "rotary" | "exit roundabout" | "exit rotary":
            exit_number = int(manoeuvre.get("exit", 1))
            return f"At the roundabout, take the {ORDINALS.get(exit_number, f'{exit_number}th')} exit{onto}"
        case _:
            return TURNS.get(modifier, "Continue") + onto
