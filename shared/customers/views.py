"""What a customer sees of its own."""

from shared.customers.service import Address
from shared.kernel.wire import PositionModel, View


class AddressView(View):
    id: str
    label: str
    line: str
    position: PositionModel


def address(found: Address) -> AddressView:
    position = PositionModel(lat=found.position.lat, lng=found.position.lng)
    return AddressView(id=found.address_id, label=found.label, line=found.line, position=position)
