"""Models and how they were judged, as operators see them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.kernel.wire import View
from shared.storage.connection import Row


class QualityView(View):
    """Of an acceptance model."""

    log_loss: float
    calibration: float
    n: int


class TimeQualityView(View):
    """Of a model of times: mean error of the median and mean pinball loss, seconds; the share of outcomes below each
    quantile; `close` is the share within three minutes of the foretold arrival."""

    error_s: float
    pinball_s: float
    coverage: dict[str, float]
    close: float | None = None
    n: int


class JudgementView(View):
    """Both on the latest quarter of the offers, from which the candidate had not learnt."""

    candidate: QualityView
    incumbent: QualityView
    standard_errors: dict[str, float] = Field(default_factory=dict)


class TimeJudgementView(View):
    """Both on the latest quarter of the orders; the incumbent is what people were told at the time."""

    candidate: TimeQualityView
    incumbent: TimeQualityView


class ModelView(View):
    """`quality` is an acceptance model's judgement; `times` those of a model of times, by what it foretells."""

    kind: Literal["acceptance", "preparation", "eta"]
    region_id: str | None
    version: str
    trained_at: datetime
    promoted: bool
    in_use: bool
    coefficients: dict[str, float | str] | None
    quality: JudgementView | None
    times: dict[str, TimeJudgementView] | None


def model(row: Row) -> ModelView:
    """`quality` in the row is the judgement, of whichever kind."""
    judged = {"quality": row["quality"], "times": None}
    if row["kind"] != "acceptance":
        judged = {"quality": None, "times": row["quality"]}
    return ModelView(**{**row, **judged})
