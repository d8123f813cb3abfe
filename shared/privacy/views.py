"""Answers about what is stored of a person."""

from datetime import date, datetime
from typing import Any

from shared.credentials import views as credentials
from shared.credentials.views import DocumentView, PermitView
from shared.customers import views as customers
from shared.customers.views import AddressView
from shared.doorstep.rules import GRADES, Method
from shared.drivers import views as drivers
from shared.drivers.views import DriverView
from shared.kernel.roles import Caller
from shared.kernel.wire import PositionModel, View
from shared.merchants import views as merchants
from shared.merchants.views import MerchantView, ProductView, StoreView
from shared.orders import views as orders
from shared.orders.service import Order
from shared.orders.views import OrderView
from shared.privacy.export import CustomerExport, DriverExport, MerchantExport, Profile
from shared.privacy.subject import Kept, Subject


class KeptView(View):
    """`until` is the last day on which it is kept, null while nobody can say: a legal hold is open."""

    what: str
    sales: int
    reason: str
    until: date | None


class ErasureView(View):
    """`erased` is destroyed for good; `kept` is destroyed by itself after its last day; `pseudonymous` stays, under an id that
    leads to nobody."""

    erased: list[str]
    kept: list[KeptView]
    pseudonymous: list[str]


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


class LastPositionView(PositionModel):
    heading: float
    at: datetime


class FiledDocumentView(DocumentView):
    """`vendor_token` is the vendor's name for the picture that it keeps."""

    vendor_token: str


class OfferHistoryView(View):
    id: str
    order_id: str
    task_id: str
    status: str
    payout_minor: int
    reason: str | None
    offered_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class DoorstepCheckView(View):
    """`at_door_s` is seconds since arriving, `distance_m` metres from the last reported place to the door."""

    id: str
    order_id: str
    method: str
    grade: str
    passed: bool
    document_read: bool
    at_door_s: int | None
    distance_m: int | None
    at: datetime


class HintHistoryView(View):
    id: str
    from_cell: str | None
    to_cell: str
    travel_s: float
    reason: str
    at: datetime
    expires_at: datetime
    arrived: bool | None


class PostingView(View):
    """`amount_minor` is earned when above zero, paid out when below."""

    kind: str
    order_id: str | None
    amount_minor: int
    currency: str
    at: datetime


class PaidOutView(View):
    id: str
    day: date
    amount_minor: int
    currency: str


class DriverExportView(View):
    """`kept_by_law` is what an erasure would leave."""

    profile: ProfileView
    driver: DriverView | None
    last_position: LastPositionView | None
    documents: list[FiledDocumentView]
    offers: list[OfferHistoryView]
    doorstep_checks: list[DoorstepCheckView]
    hints: list[HintHistoryView]
    ledger: list[PostingView]
    payouts: list[PaidOutView]
    kept_by_law: list[KeptView]


class MerchantExportView(View):
    """`kept_by_law` is what an erasure would leave."""

    profile: ProfileView
    merchant: MerchantView | None
    stores: list[StoreView]
    products: list[ProductView]
    permits: list[PermitView]
    payouts: list[PaidOutView]
    kept_by_law: list[KeptView]


def erasure(subject: Subject, remaining: list[Kept]) -> ErasureView:
    held = any(each.until is None for each in remaining)
    left = {each.what for each in remaining}
    sealed = [] if held else [what for what in subject.erased if what not in left]
    return ErasureView(
        erased=[*sealed, *subject.erased_in_any_case],
        kept=[_kept(each) for each in remaining],
        pseudonymous=list(subject.pseudonymous),
    )


def of_customer(found: CustomerExport, caller: Caller) -> ExportView:
    return ExportView(
        profile=_profile(found.profile),
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
        kept_by_law=[_kept(each) for each in found.kept],
    )


def of_driver(found: DriverExport, today: date) -> DriverExportView:
    return DriverExportView(
        profile=_profile(found.profile),
        driver=drivers.driver(found.driver) if found.driver else None,
        last_position=LastPositionView(**found.position) if found.position else None,
        documents=[
            FiledDocumentView(**credentials.document(row, today).model_dump(), vendor_token=row["vendor_token"])
            for row in found.documents
        ],
        offers=[OfferHistoryView(**row) for row in found.offers],
        doorstep_checks=[
            DoorstepCheckView(**row, grade=GRADES[Method(row["method"])]) for row in found.doorstep_checks
        ],
        hints=[HintHistoryView(**row) for row in found.hints],
        ledger=[PostingView(**row) for row in found.postings],
        payouts=[PaidOutView(**row) for row in found.payouts],
        kept_by_law=[_kept(each) for each in found.kept],
    )


def of_merchant(found: MerchantExport, today: date) -> MerchantExportView:
    return MerchantExportView(
        profile=_profile(found.profile),
        merchant=merchants.merchant(found.merchant) if found.merchant else None,
        stores=[merchants.store(row) for row in found.stores],
        products=[merchants.product(row) for row in found.products],
        permits=[credentials.permit(row, today) for row in found.permits],
        payouts=[PaidOutView(**row) for row in found.payouts],
        kept_by_law=[_kept(each) for each in found.kept],
    )


def _kept(found: Kept) -> KeptView:
    return KeptView(what=found.what, sales=found.sales, reason=found.reason, until=found.until)


def _profile(found: Profile) -> ProfileView:
    return ProfileView(name=found.name, email=found.email, phone=found.phone, registered_at=found.registered_at)
