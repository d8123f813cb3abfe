"""Answers about what is stored of a person."""

from datetime import date, datetime
from typing import Any

from shared.customers import views as customers
from shared.customers.views import AddressView
from shared.kernel.roles import Caller
from shared.kernel.wire import View
from shared.orders import views as orders
from shared.orders.service import Order
from shared.orders.views import OrderView
from shared.privacy.erasure import Kept
from shared.privacy.export import Export


class KeptView(View):
    """`until` is the last day on which it is kept, null while nobody can say: a legal hold is open."""

    what: str
    sales: int
    reason: str
    until: date | None


class ErasureView(View):
    """`erased` is destroyed for good; `kept` is destroyed by itself after its last day."""

    erased: list[str]
    kept: list[KeptView]


class ProfileView(View):
    name: str
    email: str
    phone: str
    registered_at: datetime


class AgeCheckView(View):
    id: str
    order_id: str
    status: str
    at: datetime


class SaleRecordView(View):
    """SHA-256 over `salt` (hexadecimal) and the canonical JSON of `record` is the `commitment` in the order's dossier."""

    order_id: str
    evidence_id: str
    commitment: str
    salt: str
    record: dict[str, Any]


class ExportView(View):
    """`kept_by_law` is what an erasure would leave."""

    profile: ProfileView
    addresses: list[AddressView]
    orders: list[OrderView]
    age_checks: list[AgeCheckView]
    sale_records: list[SaleRecordView]
    kept_by_law: list[KeptView]


def kept(found: Kept) -> KeptView:
    return KeptView(what=found.what, sales=found.sales, reason=found.reason, until=found.until)


def erasure(remaining: list[Kept]) -> ErasureView:
    held = any(each.until is None for each in remaining)
    sealed = [] if held else ["profile", "addresses", "exact_places_of_orders"]
    return ErasureView(erased=[*sealed, "sign_in", "sessions", "prices"], kept=[kept(each) for each in remaining])


def exported(found: Export, caller: Caller) -> ExportView:
    return ExportView(
        profile=ProfileView(**found.profile, registered_at=found.account["created_at"]),
        addresses=[customers.address(each) for each in found.addresses],
        orders=[orders.order(Order(row), caller) for row in found.orders],
        age_checks=[
            AgeCheckView(id=row["check_id"], order_id=row["order_id"], status=row["status"], at=row["created_at"])
            for row in found.age_checks
        ],
        sale_records=[
            SaleRecordView(
                order_id=sale.order_id,
                evidence_id=sale.evidence_id,
                commitment=sale.commitment,
                salt=sale.opened.salt.hex(),
                record=sale.opened.content,
            )
            for sale in found.sales
        ],
        kept_by_law=[kept(each) for each in found.kept],
    )
