"""GET /v1/admin/decoys/report: how often drivers refused the recipients whom they had to refuse."""

from datetime import timedelta

from pydantic import Field

from shared.decoys import service as decoys
from shared.decoys import views
from shared.decoys.views import DecoyReportView
from shared.http.declaration import OPERATORS
from shared.http.endpoint import endpoint
from shared.kernel.wire import Query
from shared.storage.work import Work


class ReportDecoys(Query):
    days: int = Field(default=90, ge=1, le=1_830)


@endpoint("GET", "/v1/admin/decoys/report", roles=OPERATORS)
def report_decoys(query: ReportDecoys, work: Work) -> DecoyReportView:
    since = work.now - timedelta(days=query.days)
    return views.report(decoys.by_scenario(work, since), since)
