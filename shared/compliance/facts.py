"""What the gates decide on: nothing personal, since a dossier keeps it and a replay decides on it again."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from shared.compliance.credentials import Credential


@dataclass(frozen=True, slots=True)
class AgeFacts:
    """`restricted` says whether anything in the cart is bound to an age."""

    restricted: bool


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of a cart; `weight_g` is one piece's, None when nobody has said it."""

    product_id: str
    quantity: int
    restricted: bool
    authorization_reference: str | None
    attested: bool
    weight_g: int | None


@dataclass(frozen=True, slots=True)
class CartFacts:
    goods: tuple[Goods, ...]


@dataclass(frozen=True, slots=True)
class MerchantFacts:
    """`permits` are those on file for the store or its merchant, `day` is the store's own date."""

    day: date
    permits: tuple[Credential, ...]


@dataclass(frozen=True, slots=True)
class PermitFacts:
    """A permit that is being filed."""

    kind: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """`local_time` is the store's wall clock, `HH:MM`; `school_m` the metres to the nearest school, None when unknown."""

    local_time: str
    school_m: float | None = None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """`address_known` says whether the place that the goods go to has a street line on file; never the line itself."""

    address_known: bool


@dataclass(frozen=True, slots=True)
class CertificationFacts:
    version: str | None


@dataclass(frozen=True, slots=True)
class CheckoutFacts:
    """`evidence` is the kind of the proof that passed, None when none has."""

    evidence: str | None


@dataclass(frozen=True, slots=True)
class LabelFacts:
    version: str | None


@dataclass(frozen=True, slots=True)
class DriverFacts:
    day: date
    documents: tuple[Credential, ...]


@dataclass(frozen=True, slots=True)
class DoorstepFacts:
    """What the driver's check of the recipient's government photo ID came to; nothing read from the document itself."""

    document_read: bool
    over_age: bool
    expired: bool
    photo_match: bool
    signed: bool


@dataclass(frozen=True, slots=True)
class HandoffFacts:
    left_at_door: bool


Facts = (
    AgeFacts | CartFacts | MerchantFacts | PermitFacts | PlaceFacts | RecordFacts | CertificationFacts | CheckoutFacts | LabelFacts
    | DriverFacts | DoorstepFacts | HandoffFacts
)  # fmt: skip


def plain(facts: Facts) -> dict[str, Any]:
    """As JSON has them: dates as text, tuples as lists."""
    return {name: _plain(value) for name, value in asdict(facts).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
