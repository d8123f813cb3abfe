"""POST /v1/admin/reports/delivery_sales/submitted: keep the receipt of a report, or of its amendment, that was handed in."""

from pydantic import Field

from shared.delivery_sales import reports, views
from shared.delivery_sales.fields import MerchantId, MonthText, State, merchant_of
from shared.delivery_sales.rules import Month
from shared.delivery_sales.views import SubmissionView
from shared.http.endpoint import endpoint
from shared.kernel.deployment import MONTHLY, READS, Resource
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command
from shared.storage.work import Work
from shared.wiring.delivery_sales import delivery_service
from shared.wiring.vault import key_encryption


class SubmitDeliverySales(Command):
    """`content_sha256` names the report that was read and handed in; `receipt` is the authority's."""

    merchant_id: MerchantId = None
    state: State
    month: MonthText
    content_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    submitted_to: str = Field(min_length=1, max_length=200)
    receipt: str = Field(min_length=1, max_length=200)


@endpoint(
    "POST",
    "/v1/admin/reports/delivery_sales/submitted",
    roles={Role.ADMIN, Role.MERCHANT},
    idempotency="optional",
    status=201,
    uses=READS | {Resource.VAULT},
    sizing=MONTHLY,
)
def submit_delivery_sales(command: SubmitDeliverySales, caller: Caller, work: Work) -> SubmissionView:
    merchant_id, month = merchant_of(caller, command.merchant_id), Month.parse(command.month)
    found = reports.read(work, merchant_id, command.state, month, delivery_service(), key_encryption())
    sent = command.model_dump(include={"content_sha256", "submitted_to", "receipt"})
    return views.submission(reports.submitted(work, merchant_id, found, caller.account_id, sent))
