"""GET /v1/admin/reports/delivery_sales.csv: the same report as a sheet, a line for each product of each sale."""

from flask import Response

from shared.delivery_sales import reports, views
from shared.delivery_sales.fields import ReportQuery, merchant_of
from shared.delivery_sales.rules import Month
from shared.http.endpoint import endpoint
from shared.kernel.deployment import MONTHLY, READS, Resource
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work
from shared.wiring.delivery_sales import delivery_service
from shared.wiring.vault import key_encryption


@endpoint(
    "GET",
    "/v1/admin/reports/delivery_sales.csv",
    roles={Role.ADMIN, Role.MERCHANT},
    uses=READS | {Resource.VAULT},
    sizing=MONTHLY,
)
def get_delivery_sales_sheet(query: ReportQuery, caller: Caller, work: Work) -> Response:
    merchant_id, month = merchant_of(caller, query.merchant_id), Month.parse(query.month)
    found = reports.read(work, merchant_id, query.state, month, delivery_service(), key_encryption())
    name = f"delivery-sales-{merchant_id}-{query.state}-{month}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Sha256": found.content_sha256}
    return Response(views.sheet(found), mimetype="text/csv", headers=headers)
