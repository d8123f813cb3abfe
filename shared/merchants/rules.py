"""Who may sell, and what may be sold where and when. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from shared.compliance.credentials import IN_FORCE, PermitKind, ReviewNotPossible, current, standing_on
from shared.compliance.facts import CartFacts, Goods, MerchantFacts, PlaceFacts
from shared.compliance.gates import GateDecision, Reason, merchant_gate, sale_gates
from shared.compliance.law import RULES
from shared.compliance.policy import Policy, policy
from shared.kernel.errors import BadInput
from shared.kernel.positions import Position
from shared.merchants import hours
from shared.merchants.catalog import ProductFacts, StoreFacts

REGION_RADIUS_M = 150_000
"""How far from its region's centre a store may lie, metres."""


class MerchantStatus(StrEnum):
    APPLIED = "applied"
    APPROVED = "approved"
    REJECTED = "rejected"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    """Its account was erased; nothing follows."""


class ReviewDecision(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"
    SUSPEND = "suspend"


REVIEWS = {
    (MerchantStatus.APPLIED, ReviewDecision.APPROVE): MerchantStatus.APPROVED,
    (MerchantStatus.APPLIED, ReviewDecision.REJECT): MerchantStatus.REJECTED,
    (MerchantStatus.APPROVED, ReviewDecision.SUSPEND): MerchantStatus.SUSPENDED,
    (MerchantStatus.SUSPENDED, ReviewDecision.APPROVE): MerchantStatus.APPROVED,
    (MerchantStatus.SUSPENDED, ReviewDecision.REJECT): MerchantStatus.REJECTED,
}
"""(status, decision) → status. A rejected merchant is reviewed again once it has applied again."""


def review(status: MerchantStatus, decision: ReviewDecision) -> MerchantStatus:
    """Raises ReviewNotPossible."""
    target = REVIEWS.get((status, decision))
    if target is None:
        allowed = [possible.value for source, possible in REVIEWS if source == status]
        left = "Its account was erased." if status == MerchantStatus.CLOSED else "It has to apply again first."
        hint = f"Possible now: {', '.join(allowed)}." if allowed else left
        raise ReviewNotPossible(
            f"The merchant is {status}. {hint}", current_status=status.value, allowed_decisions=allowed
        )
    return target


def apply_again(status: MerchantStatus) -> MerchantStatus:
    """A rejected merchant's new application is looked at afresh; any other status stands."""
    return MerchantStatus.APPLIED if status == MerchantStatus.REJECTED else status


def check_place(position: Position, centre: Position | None, jurisdiction: str) -> None:
    """A store lies in a region that is served (`centre` is None when it is not), under law that is on file. Raises BadInput."""
    if centre is None:
        raise BadInput.field("body.region_id", "is not a region that is served")
    if position.distance_m(centre) > REGION_RADIUS_M:
        raise BadInput.field("body.position", f"must be within {REGION_RADIUS_M // 1_000} km of the region's centre")
    if all(rule.jurisdiction != jurisdiction for rule in RULES):
        raise BadInput.field("body.jurisdiction", "is not one whose rules are on file")


def accepts_orders(store: StoreFacts, now: datetime) -> bool:
    """Approved, switched on, and within its hours."""
    approved = store.merchant_status == MerchantStatus.APPROVED
    return approved and store.open and hours.open_at(store.hours, store.local(now))


def opens_at(store: StoreFacts, now: datetime) -> datetime | None:
    """When orders are taken next, None while they are, or when nobody can tell: the store has switched itself off."""
    if not store.open or accepts_orders(store, now):
        return None
    opening = hours.next_opening(store.hours, store.local(now))
    return opening.astimezone(UTC) if opening else None


def serves(store: StoreFacts, place: Position) -> bool:
    return store.position.distance_m(place) <= store.radius_m


@dataclass(frozen=True, slots=True)
class Shelf:
    """A store's products, parted by whether they may be sold to a place now; each left out with the first reason."""

    sellable: tuple[ProductFacts, ...]
    unavailable: tuple[tuple[ProductFacts, Reason], ...]


def shelf(store: StoreFacts, products: list[ProductFacts], place: Position | None, now: datetime) -> Shelf:
    """`place` is where it would be delivered to, None when it is not known yet."""
    law = policy(store.jurisdiction, store.local(now).date())
    whole_store = store_reasons(store, place, now)
    judged = [
        (product, next(iter(whole_store or product_reasons(law, store, product, now)), None)) for product in products
    ]
    return Shelf(
        sellable=tuple(product for product, reason in judged if reason is None),
        unavailable=tuple((product, reason) for product, reason in judged if reason is not None),
    )


def store_reasons(store: StoreFacts, place: Position | None, now: datetime) -> list[Reason]:
    """Why the store sells nothing there now."""
    reasons = []
    if not accepts_orders(store, now):
        reasons.append(Reason("store_closed", f"{store.name} takes no orders now."))
    if place is not None and not serves(store, place):
        reasons.append(Reason("address_not_served", f"{store.name} delivers within {store.radius_m} m of the store."))
    return reasons


def product_reasons(law: Policy, store: StoreFacts, product: ProductFacts, now: datetime) -> list[Reason]:
    """Why the store may not sell one of this product, the law first."""
    one = Goods(
        product_id=product.product_id,
        quantity=1,
        restricted=product.restricted,
        authorization_reference=product.authorization_reference,
        attested=product.attested,
        weight_g=product.weight_g,
    )
    place = PlaceFacts(local_time=f"{store.local(now):%H:%M}")
    gates = sale_gates(law, CartFacts((one,)), _merchant_facts(store, now), place)
    reasons = list(_reasons(gates))
    if product.stock == 0:
        reasons.append(Reason("out_of_stock", f"{product.name} is sold out."))
    return reasons


def restricted_goods(store: StoreFacts, now: datetime) -> GateDecision:
    """Whether the store may sell age-restricted goods at all today."""
    law = policy(store.jurisdiction, store.local(now).date())
    return merchant_gate(law, _merchant_facts(store, now))


def licence_number(store: StoreFacts, now: datetime) -> str | None:
    """That of the store's retail permit, None when none is in force."""
    permit = current(store.permits, PermitKind.E_CIGARETTE_RETAIL, of_store=True)
    if permit is None or standing_on(permit.status, permit.expires_on, store.local(now).date()) not in IN_FORCE:
        return None
    return permit.reference


def _merchant_facts(store: StoreFacts, now: datetime) -> MerchantFacts:
    return MerchantFacts(store.local(now).date(), store.permits)


def _reasons(gates: tuple[GateDecision, ...]) -> Iterator[Reason]:
    for gate in gates:
        yield from gate.reasons
