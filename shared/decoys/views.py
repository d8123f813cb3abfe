"""Decoys as operators see them."""

from collections.abc import Sequence
from datetime import datetime

from shared.kernel.wire import View
from shared.storage.connection import Row


class DecoyView(View):
    """`outcome` is null while it is under way: then `refused` passes, `handed_over` fails, `void` shows nothing."""

    id: str
    scenario: str
    customer_id: str
    scheduled_for: datetime
    order_id: str | None
    driver_id: str | None
    outcome: str | None
    reason: str | None


class ScenarioView(View):
    """`pass_rate` is the share of refusals among the decoys that show anything; null before the first."""

    scenario: str
    planned: int
    refused: int
    handed_over: int
    void: int
    pass_rate: float | None


class DecoyReportView(View):
    since: datetime
    pass_rate: float | None
    scenarios: list[ScenarioView]


def decoy(row: Row) -> DecoyView:
    return DecoyView(id=row["decoy_id"], **{name: row[name] for name in DecoyView.model_fields if name != "id"})


def report(rows: Sequence[Row], since: datetime) -> DecoyReportView:
    refused, handed_over = (sum(row[name] for row in rows) for name in ("refused", "handed_over"))
    scenarios = [ScenarioView(**row, pass_rate=_rate(row["refused"], row["handed_over"])) for row in rows]
    return DecoyReportView(since=since, pass_rate=_rate(refused, handed_over), scenarios=scenarios)


def _rate(refused: int, handed_over: int) -> float | None:
    return round(refused / (refused + handed_over), 4) if refused + handed_over else None
