"""What a row of the law may require: one class per kind of requirement, its figures in its fields."""

import hashlib
from dataclasses import dataclass
from datetime import date
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
    RECORD = "record"
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
class PurchaserAddress:
    gate: ClassVar = Gate.RECORD

    def __str__(self) -> str:
        return "the goods go to an address with a street line, which the record of the sale names"


@dataclass(frozen=True, slots=True)
class Retention:
    """Counted in the calendar years that begin after the sale."""

    full_years: int
    gate: ClassVar = Gate.RECORD

    def __str__(self) -> str:
        return f"the record of a sale is kept through {self.full_years} full calendar years after it"

    def until(self, sold_on: date) -> date:
        """2030-12-31 for four full years after 2026-11-20."""
        return date(sold_on.year + self.full_years, 12, 31)


@dataclass(frozen=True, slots=True)
class RetentionFromReport:
    """Counted from the day on which the sale's monthly report is due."""

    years: int
    due_day: int
    gate: ClassVar = Gate.RECORD

    def __str__(self) -> str:
        return f"the record of a sale is kept until {self.years} years after its report was due"

    def until(self, sold_on: date) -> date:
        """2031-01-10 for four years from a report that is due on the 10th, after 2026-12-31."""
        years, month = divmod(sold_on.month, 12)
        return date(sold_on.year + self.years + years, month + 1, self.due_day)


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


class ViolationKind(StrEnum):
    """What an authority may find at a store. `age_not_checked` is a sale to an adult whose ID was not asked for;
    `delivery_sale` is whatever was wrong with a sale that was delivered."""

    SALE_TO_MINOR = "sale_to_minor"
    AGE_NOT_CHECKED = "age_not_checked"
    DIRECT_ACCESS = "direct_access"
    GIVEAWAY = "giveaway"
    PROHIBITED_PRODUCT = "prohibited_product"
    WARNING_SIGN = "warning_sign"
    EMPLOYEE_NOTICE = "employee_notice"
    DELIVERY_SALE = "delivery_sale"


@dataclass(frozen=True, slots=True)
class ViolationCount:
    """Which violations of one store add up, and over how many months."""

    months: int
    kinds: tuple[ViolationKind, ...]
    gate: ClassVar = None

    def __str__(self) -> str:
        return f"a store's violations of {self.months} months add up: {', '.join(f'`{kind}`' for kind in self.kinds)}"


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a store's violation brings that is the `number`-th of those that add up, or a later one that no row names.

    `fine_minor` (US cents) and `suspension_days` are the most that the authority may decide on; `revokes` is what it must.
    """

    number: int
    fine_minor: int = 0
    suspension_days: int = 0
    revokes: bool = False
    gate: ClassVar = None

    @property
    def consequence(self) -> str:
        fine = f"a fine of up to ${self.fine_minor // 100:,}" if self.fine_minor else ""
        days = f"a suspension of the store's permit for up to {self.suspension_days} days"
        suspension = days if self.suspension_days else ""
        revocation = "the loss of the store's permit" if self.revokes else ""
        return " and ".join(part for part in (fine, suspension, revocation) if part)

    def __str__(self) -> str:
        return f"violation {self.number} of those that add up may bring {self.consequence}"


Requirement = (
    MinimumAge | ProductAuthorization | ProductAttestation | DeliveryWeight | Permit | PermitTerm | SaleHours
    | SchoolDistance | PurchaserAddress | Retention | RetentionFromReport | Statement | AgeCheck | Label | DriverDocument
    | DoorstepCheck | OutcomeOnly | InPerson | ViolationCount | Penalty
)  # fmt: skip
"""`gate` is None where no step of an order asks: violations add up, and what they bring is the authority's to decide."""
