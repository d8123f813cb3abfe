"""POST /v1/customers/me/addresses: save a place to deliver to, with its position."""

from pydantic import Field

from shared.customers import service as customers
from shared.customers import views
from shared.customers.views import AddressView
from shared.http.endpoint import endpoint
from shared.kernel.deployment import READS, Resource
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Command, PositionModel
from shared.storage.work import Work
from shared.wiring.vault import key_encryption


class AddAddress(Command):
    label: str = Field(min_length=1, max_length=40)
    line: str = Field(min_length=1, max_length=300)
    position: PositionModel


@endpoint(
    "POST",
    "/v1/customers/me/addresses",
    roles={Role.CUSTOMER},
    idempotency="optional",
    status=201,
    uses=READS | {Resource.VAULT},
)
def add_address(command: AddAddress, caller: Caller, work: Work) -> AddressView:
    position = command.position.position()
    return views.address(
        customers.add_address(work, caller.tenant_id, command.label, command.line, position, key_encryption())
    )
