"""`cloudrun states`: the state machines as a page with diagrams, printed from the tables the code runs on."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from shared.compliance.credentials import CREDENTIAL_TRANSITIONS
from shared.dispatch.states import OFFER_TRANSITIONS, TASK_TRANSITIONS, TRIP_TRANSITIONS
from shared.kernel.roles import Role
from shared.orders.states import TERMINAL, TRANSITIONS
from shared.payments.states import INTENT_TRANSITIONS

PAGE = Path(__file__).resolve().parents[1] / "docs" / "states.md"


def render() -> str:
    return "\n".join(
        [
            "# States",
            "",
            "Printed by `cloudrun states --write` from the tables in `shared/orders/states.py`, `shared/dispatch/states.py`,",
            "`shared/payments/states.py` and `shared/compliance/credentials.py`; CI fails when this page is stale.",
            "",
            "## Order",
            "",
            *_order_diagram(),
            "",
            "| step | from | to | who | event in the dossier |",
            "|---|---|---|---|---|",
            *_order_rows(),
            "",
            f"Nothing follows {', '.join(f'`{status}`' for status in sorted(TERMINAL))}.",
            "",
            "## Task",
            "",
            *_diagram(TASK_TRANSITIONS),
            "",
            "## Trip",
            "",
            *_diagram(TRIP_TRANSITIONS),
            "",
            "## Offer",
            "",
            *_diagram(OFFER_TRANSITIONS),
            "",
            "## Payment intent",
            "",
            *_diagram(INTENT_TRANSITIONS),
            "",
            "## Permit and document",
            "",
            *_credential_diagram(),
            "",
            "| step | from | to | who |",
            "|---|---|---|---|",
            *_credential_rows(),
            "",
        ]
    )


def _order_diagram() -> list[str]:
    arrows = [
        f"    {source} --> {transition.target}: {transition.step}"
        for transition in TRANSITIONS
        for source in transition.sources
    ]
    return [
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> created",
        *arrows,
        *(f"    {s} --> [*]" for s in sorted(TERMINAL)),
        "```",
    ]


def _order_rows() -> list[str]:
    return [
        f"| `{transition.step}` | {', '.join(f'`{source}`' for source in transition.sources)} | `{transition.target}` "
        f"| {_who(transition.roles)} | `{transition.event}` |"
        for transition in TRANSITIONS
    ]


def _credential_diagram() -> list[str]:
    arrows = [
        f"    {source} --> {row.target}: {row.step}"
        for row in CREDENTIAL_TRANSITIONS
        for source in row.sources
        if source != row.target
    ]
    ends = {row.target for row in CREDENTIAL_TRANSITIONS} - {
        source for row in CREDENTIAL_TRANSITIONS for source in row.sources
    }
    return [
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> missing",
        *arrows,
        *(f"    {status} --> [*]" for status in sorted(ends)),
        "```",
    ]


def _credential_rows() -> list[str]:
    return [
        f"| `{row.step}` | {', '.join(f'`{source}`' for source in row.sources)} | `{row.target}` | {_who(row.roles)} |"
        for row in CREDENTIAL_TRANSITIONS
    ]


def _who(roles: Collection[Role]) -> str:
    return ", ".join(sorted("platform" if role == Role.INTERNAL else role.value for role in roles))


def _diagram(transitions: Mapping[str, Sequence[str]]) -> list[str]:
    arrows = [f"    {source} --> {target}" for source, targets in transitions.items() for target in targets]
    ends = [f"    {source} --> [*]" for source, targets in transitions.items() if not targets]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(transitions))}", *arrows, *ends, "```"]
