"""What a row of the law may require: one class per kind of requirement, its figures in its fields."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal

from shared.compliance.credentials import DocumentKind, PermitKind


class Gate(StrEnum):
    """What is asked; each has one function in `gates.py`. `permit` is asked when one is filed, the others of a sale."""

    AGE = "age"
    PRODUCT = "product"
    PERMIT = "permit"
    MERCHANT = "merchant"
    PLACE = "place"
    CERTIFICATION = "certification"
    CHECKOUT = "checkout"
    LABEL = "label"
    DRIVER = "driver"
    DOORSTEP = "doorstep"
    HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class MinimumAge:
    years: int
    gate: ClassVar = Gate.AGE

    def __str__(self) -> str:
        return f"the purchaser is at least {self.years}; the strictest rule in force counts"


@dataclass(frozen=True, slots=True)
class ProductAuthorization:
    gate: ClassVar = Gate.PRODUCT

    def __str__(self) -> str:
        return (
            "every product of the category, parts and nicotine-free ones too, has the reference of an FDA authorisation"
        )


@dataclass(frozen=True, slots=True)
class ProductAttestation:
    gate: ClassVar = Gate.PRODUCT

    def __str__(self) -> str:
        return "the store has attested the product's origin and ingredients"


@dataclass(frozen=True, slots=True)
class DeliveryWeight:
    """`grams` is the most that one delivery may weigh."""

    grams: int
    gate: ClassVar = Gate.PRODUCT

    def __str__(self) -> str:
        return f"the restricted goods of one delivery weigh at most {self.grams} g, and the weight of each is known"


@dataclass(frozen=True, slots=True)
class Permit:
    """`of_store` asks for one that names the very place of business; `name` is what people call it."""

    kind: PermitKind
    name: str
    of_store: bool = False
    gate: ClassVar = Gate.MERCHANT

    def __str__(self) -> str:
        return f"the store has its own {self.name}" if self.of_store else f"the merchant has its {self.name}"


@dataclass(frozen=True, slots=True)
class PermitTerm:
    """Permits of a kind end on one day of every second year."""

    kind: PermitKind
    month: int
    day: int
    gate: ClassVar = Gate.PERMIT

    def __str__(self) -> str:
        return f"a permit `{self.kind}` ends on {self.month:02d}-{self.day:02d} of an even year"


@dataclass(frozen=True, slots=True)
class SaleHours:
    """Local wall clock, `HH:MM`; sold from `opens` until before `closes`."""

    opens: str
    closes: str
    gate: ClassVar = Gate.PLACE

    def __str__(self) -> str:
        return f"sold between {self.opens} and {self.closes} local time"


@dataclass(frozen=True, slots=True)
class SchoolDistance:
    metres: int
    gate: ClassVar = Gate.PLACE

    def __str__(self) -> str:
        return f"no school lies within {self.metres} m of the address"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a purchaser certifies, with the notice that sales to the under-aged are illegal."""

    version: str
    text: str
    gate: ClassVar = Gate.CERTIFICATION

    def __str__(self) -> str:
        return f"the purchaser certifies the statement `{self.version}`"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class AgeCheck:
    """`evidence` is a kind of proof that will do; each kind is a row of its own."""

    evidence: Literal["database_check", "document_check"]
    gate: ClassVar = Gate.CHECKOUT

    def __str__(self) -> str:
        return f"name, birth date and residence are verified before payment, by a `{self.evidence}` or another kind on file"


@dataclass(frozen=True, slots=True)
class Label:
    """What must stand on the parcel."""

    version: str
    text: str
    gate: ClassVar = Gate.LABEL

    def __str__(self) -> str:
        return f"the label `{self.version}` is confirmed at packing"


@dataclass(frozen=True, slots=True)
class DriverDocument:
    """`attested` is what the review must have found beyond the document's being genuine."""

    kind: DocumentKind
    name: str
    attested: Literal["age_21", "delivery_endorsement", ""] = ""
    gate: ClassVar = Gate.DRIVER

    def __str__(self) -> str:
        what = f"the driver's {self.name} is verified and in force"
        return f"{what}, reviewed for `{self.attested}`" if self.attested else what


@dataclass(frozen=True, slots=True)
class DoorstepCheck:
    gate: ClassVar = Gate.DOORSTEP

    def __str__(self) -> str:
        return "the purchaser always shows government photo ID and signs; the driver attests the match"


@dataclass(frozen=True, slots=True)
class OutcomeOnly:
    """Kept by shape: the facts of a doorstep check are booleans, and have no field for anything read from a document."""

    gate: ClassVar = Gate.DOORSTEP

    def __str__(self) -> str:
        return "nothing read from an ID is stored or sent on: no number, no hash of it, no birth date, no name"


@dataclass(frozen=True, slots=True)
class InPerson:
    gate: ClassVar = Gate.HANDOFF

    def __str__(self) -> str:
        return "the goods are handed to a person and never left at the door"


Requirement = (
    MinimumAge | ProductAuthorization | ProductAttestation | DeliveryWeight | Permit | PermitTerm | SaleHours
    | SchoolDistance | Statement | AgeCheck | Label | DriverDocument | DoorstepCheck | OutcomeOnly | InPerson
)  # fmt: skip
