"""GET /v1/admin/dispatch/models: every model that was trained, newest first: how good it is, and whether it is in use."""

from shared.http.endpoint import endpoint
from shared.http.pages import Page, PageQuery, page
from shared.kernel.roles import Role
from shared.prediction import views
from shared.prediction.views import ModelView
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


@endpoint("GET", "/v1/admin/dispatch/models", roles={Role.ADMIN})
def list_models(query: PageQuery, work: Work) -> Page[ModelView]:
    return page(work.run(_MODELS, after=query.after, fetch=query.fetch), query, "key", views.model)
