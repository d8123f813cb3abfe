"""PATCH /v1/merchants/{merchant_id}: change a merchant's name, its own key or how it is paid; what is left out stays."""

from shared.http.declaration import Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import Command
from shared.merchants import service as merchants
from shared.merchants import views
from shared.merchants.fields import UNCHANGED, CardTerminal, ExternalId, Name, PaymentAccount, sent
from shared.merchants.views import MerchantView
from shared.storage.work import Work


class ChangeMerchant(Command):
    name: Name = UNCHANGED
    external_id: ExternalId | None = UNCHANGED
    payment_account: PaymentAccount | None = UNCHANGED
    card_terminal: CardTerminal = UNCHANGED


@endpoint("PATCH", "/v1/merchants/{merchant_id}", roles={Role.MERCHANT, Role.ADMIN}, owner=Owner.MERCHANT)
def change_merchant(command: ChangeMerchant, merchant_id: str, work: Work) -> MerchantView:
    return views.merchant(merchants.change(work, merchant_id, sent(command)))
