"""Which report is meant."""

from typing import Annotated

from pydantic import Field

from shared.kernel.errors import BadInput, NotFound
from shared.kernel.roles import Caller, Role
from shared.kernel.wire import Query

State = Annotated[str, Field(pattern=r"^US-[A-Z]{2}$", description="ISO 3166-2: US-TX")]
MonthText = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$", description="A past month: 2026-10")]
MerchantId = Annotated[str | None, Field(max_length=64, description="One's own when a merchant asks")]


class ReportQuery(Query):
    merchant_id: MerchantId = None
    state: State
    month: MonthText


def merchant_of(caller: Caller, merchant_id: str | None) -> str:
    """Whose report the caller may ask for. Raises NotFound (another merchant's), BadInput (an operator names none)."""
    if caller.role == Role.MERCHANT:
        if merchant_id not in (None, caller.tenant_id):
            raise NotFound.of("merchant", str(merchant_id))
        return caller.tenant_id
    if merchant_id is None:
        raise BadInput.field("merchant_id", "names the merchant whose report an administrator asks for")
    return merchant_id
