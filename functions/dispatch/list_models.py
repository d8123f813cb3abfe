"""GET /v1/admin/dispatch/models: the acceptance models that were trained, how good they are, and which one decides."""

from datetime import datetime

from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.storage.work import Work

_MODELS = """
    SELECT version, trained_at, promoted, coefficients, quality,
           version = (SELECT version FROM acceptance_models WHERE promoted ORDER BY trained_at DESC LIMIT 1) AS in_use
    FROM acceptance_models WHERE :after = '' OR version < :after
    ORDER BY version DESC LIMIT :fetch
"""


class QualityView(View):
    log_loss: float
    calibration: float
    n: int


class JudgementView(View):
    """Both on the latest quarter of the offers, which neither had learnt from."""

    candidate: QualityView
    incumbent: QualityView


class ModelView(View):
    version: str
    trained_at: datetime
    promoted: bool
    in_use: bool
    coefficients: dict[str, float | str]
    quality: JudgementView


@endpoint("GET", "/v1/admin/dispatch/models", roles={Role.ADMIN})
def list_models(query: PageQuery, work: Work) -> Page[ModelView]:
    rows = work.run(_MODELS, after=query.after, fetch=query.fetch)
    return page(rows, query, "version", lambda row: ModelView(**{**row, "in_use": bool(row["in_use"])}))
