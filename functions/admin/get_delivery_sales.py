"""GET /v1/admin/reports/delivery_sales: a merchant's delivery sales into a state in a past month, as the law wants them."""

from shared.delivery_sales import reports, views
from shared.delivery_sales.fields import ReportQuery, merchant_of
from shared.delivery_sales.rules import Month
from shared.delivery_sales.views import ReportView
from shared.http.endpoint import endpoint
from shared.kernel.deployment import MONTHLY, READS, Resource
from shared.kernel.roles import Caller, Role
from shared.storage.work import Work
from shared.wiring.delivery_sales import delivery_service
from shared.wiring.vault import key_encryption


@endpoint(
    "GET",
    "/v1/admin/reports/delivery_sales",
    roles={Role.ADMIN, Role.MERCHANT},
    uses=READS | {Resource.VAULT},
    sizing=MONTHLY,
)
def get_delivery_sales(query: ReportQuery, caller: Caller, work: Work) -> ReportView:
    merchant_id, month = merchant_of(caller, query.merchant_id), Month.parse(query.month)
    found = reports.read(work, merchant_id, query.state, month, delivery_service(), key_encryption())
    return views.report(merchant_id, found)
