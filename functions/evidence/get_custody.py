"""GET /v1/orders/{order_id}/custody: who had the goods from when to when, each handover with its event in the dossier."""

from dataclasses import asdict

from shared.doorstep import custody
from shared.dossier import service as dossiers
from shared.http.declaration import OPERATORS, Owner
from shared.http.endpoint import endpoint
from shared.kernel.roles import Role
from shared.kernel.wire import View
from shared.orders import service as orders
from shared.storage.work import Work


class HoldingView(View):
    """`seq` and `hash` name the event by which the holder came to the goods; `until` is null while they have them."""

    role: str
    holder_id: str
    since: str
    until: str | None
    seq: int
    hash: str
    condition: str | None


class CustodyView(View):
    order_id: str
    holdings: list[HoldingView]


@endpoint("GET", "/v1/orders/{order_id}/custody", roles={Role.MERCHANT} | OPERATORS, owner=Owner.ORDER)
def get_custody(order_id: str, work: Work) -> CustodyView:
    order = orders.read(work, order_id)
    chain = custody.chain(dossiers.events(work, order_id), order.row["merchant_id"], order.row["customer_id"])
    return CustodyView(order_id=order_id, holdings=[HoldingView(**asdict(holding)) for holding in chain])
