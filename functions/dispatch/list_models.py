"""GET /v1/admin/dispatch/models: every model that was trained, newest first: how good it is, and whether it is in use."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.connection import Row
from shared.storage.work import Work

_MODELS = """
    WITH models AS (
        SELECT 'acceptance' AS kind, CAST(NULL AS text) AS region_id, version, trained_at, promoted, coefficients, quality
        FROM acceptance_models
        UNION ALL
        SELECT 'preparation', NULL, version, trained_at, promoted, NULL, jsonb_build_object('ready', quality)
        FROM preparation_models
        UNION ALL
        SELECT 'eta', region_id, version, trained_at, promoted, NULL, quality FROM eta_models
    ), ranked AS (
        SELECT *, to_char(trained_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS-') || version AS key,
               promoted AND trained_at = max(trained_at) FILTER (WHERE promoted) OVER (PARTITION BY kind, region_id) AS in_use
        FROM models
    )
    SELECT * FROM ranked WHERE :after = '' OR key COLLATE "C" < :after ORDER BY key COLLATE "C" DESC LIMIT :fetch
"""


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


@endpoint("GET", "/v1/admin/dispatch/models", roles={Role.ADMIN})
def list_models(query: PageQuery, work: Work) -> Page[ModelView]:
    return page(work.run(_MODELS, after=query.after, fetch=query.fetch), query, "key", _view)


def _view(row: Row) -> ModelView:
    judged = {"quality": row["quality"], "times": None}
    if row["kind"] != "acceptance":
        judged = {"quality": None, "times": row["quality"]}
    return ModelView(**{**row, **judged})
