"""What a customer sees of its own."""

from shared.kernel.wire import PositionModel, View
from shared.storage.connection import Row


class AddressView(View):
    id: str
    label: str
    line: str
    position: PositionModel


def address(row: Row) -> AddressView:
    return AddressView(
        id=row["address_id"],
        label=row["label"],
        line=row["line"],
        position=PositionModel(lat=row["lat"], lng=row["lng"]),
    )
