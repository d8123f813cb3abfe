"""POST /v1/admin/merchants/{merchant_id}/review: approve, reject or suspend a merchant; only approved ones sell."""

from pydantic import Field

from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.rules import ReviewDecision
from shared.merchants.views import MerchantView
from shared.storage.work import Work


class ReviewMerchant(Command):
    decision: ReviewDecision
    reason: str | None = Field(default=None, min_length=1, max_length=500)


@endpoint("POST", "/v1/admin/merchants/{merchant_id}/review", roles={Role.ADMIN}, idempotency="optional")
def review_merchant(command: ReviewMerchant, merchant_id: str, work: Work) -> MerchantView:
    return views.merchant(merchants.review(work, merchant_id, command.decision, command.reason))
