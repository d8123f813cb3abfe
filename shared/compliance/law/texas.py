"""Texas: retail permits and what endangers them, delivery sales of e-cigarettes, and what may be read from a driving licence."""

from datetime import date

from shared.compliance.credentials import PermitKind
from shared.compliance.requirements import (
    MinimumAge,
    OutcomeOnly,
    Penalty,
    Permit,
    PermitTerm,
    ProductAttestation,
    RetentionFromReport,
    SaleHours,
    SchoolDistance,
    Statement,
    ViolationCount,
    ViolationKind,
)
from shared.compliance.rule import Rule

_REVIEWED = date(2026, 11, 20)
_DELIVERY_SALES = date(2019, 9, 1)
_PERMITS = date(2022, 1, 1)
_PENALTIES = date(2021, 9, 1)
"""S.B. 248 of the 87th Legislature, with the permits themselves."""

_CODES = "https://statutes.capitol.texas.gov/Docs"
_RETAIL, _HEALTH, _TAX = f"{_CODES}/HS/htm/HS.147.htm", f"{_CODES}/HS/htm/HS.161.htm", f"{_CODES}/TX/htm/TX.151.htm"

_RETAIL_PERMIT = Permit(PermitKind.E_CIGARETTE_RETAIL, "e-cigarette retail permit", of_store=True)
_SALES_TAX = Permit(PermitKind.SALES_TAX, "sales-tax permit")
_STATE = Permit(PermitKind.STATE_REGISTRATION, "registration with the Comptroller for delivery sales")
_STATEMENT = Statement(
    "us-tx-2026-01",
    "I am at least 21 years old, the delivery address is mine, and I understand that sales of e-cigarettes to anyone "
    "under 21 are illegal and that a valid government photo ID will be checked at the door.",
)
_DISCIPLINE = f"{_HEALTH}#161.0901"
_COUNTED = ViolationCount(
    24,
    (
        ViolationKind.SALE_TO_MINOR,
        ViolationKind.DIRECT_ACCESS,
        ViolationKind.GIVEAWAY,
        ViolationKind.PROHIBITED_PRODUCT,
        ViolationKind.WARNING_SIGN,
        ViolationKind.EMPLOYEE_NOTICE,
    ),
)
"""Those of subchapter H. A sale to an adult without asking for ID is left out by 161.083(d), a delivery sale is subchapter R."""

RULES: tuple[Rule, ...] = (
    Rule("tx-age-21", "US-TX", MinimumAge(21), _DELIVERY_SALES, None, "Tex. HSC 161.081", f"{_HEALTH}#161.081", "H",
         _REVIEWED),
    Rule("tx-age-military", "US-TX", MinimumAge(18), _DELIVERY_SALES, None, "34 TAC 3.1206(a)(4)",
         "https://www.law.cornell.edu/regulations/texas/34-Tex-Admin-Code-SS-3-1206", "H", _REVIEWED),
    Rule("tx-attested", "US-TX", ProductAttestation(), date(2025, 9, 1), None, "Tex. HSC 161.0876 (SB 2024)",
         f"{_HEALTH}#161.0876", "M", _REVIEWED),
    Rule("tx-permit", "US-TX", _RETAIL_PERMIT, _PERMITS, None, "Tex. HSC 147.0051", _RETAIL, "H", _REVIEWED),
    Rule("tx-permit-term", "US-TX", PermitTerm(PermitKind.E_CIGARETTE_RETAIL, 5, 31), _PERMITS, None, "Tex. HSC ch. 147",
         _RETAIL, "H", _REVIEWED),
    Rule("tx-sales-tax", "US-TX", _SALES_TAX, _PERMITS, None, "Tex. Tax Code 151.201", f"{_TAX}#151.201", "H", _REVIEWED),
    Rule("tx-registration", "US-TX", _STATE, _DELIVERY_SALES, None, "15 USC 376(a)(1); Tex. HSC 161.456",
         f"{_HEALTH}#161.456", "H", _REVIEWED),
    Rule("tx-retention", "US-TX", RetentionFromReport(4, due_day=10), _DELIVERY_SALES, None,
         "Tex. HSC 161.456(f), whose four years may run from the report", f"{_HEALTH}#161.456", "L", _REVIEWED, enforced=False),
    Rule("tx-certification", "US-TX", _STATEMENT, _DELIVERY_SALES, None, "Tex. HSC 161.453-454", f"{_HEALTH}#161.453", "M",
         _REVIEWED),
    Rule("tx-barcode", "US-TX", OutcomeOnly(), _DELIVERY_SALES, None, "Tex. HSC 161.0825; Transp. Code 521.126",
         f"{_HEALTH}#161.0825", "H", _REVIEWED),
    Rule("tx-sale-hours", "US-TX", SaleHours("07:00", "24:00"), _DELIVERY_SALES, None, "city ordinances; none holds statewide",
         None, "L", _REVIEWED, enforced=False),
    Rule("tx-school-distance", "US-TX", SchoolDistance(305), _DELIVERY_SALES, None, "city ordinances; none holds statewide",
         None, "L", _REVIEWED, enforced=False),
    Rule("tx-violations", "US-TX", _COUNTED, _PENALTIES, None, "Tex. HSC 161.0901(b)-(c), 161.083(d)", _DISCIPLINE, "M",
         _REVIEWED),
    Rule("tx-violation-1", "US-TX", Penalty(1, fine_minor=100_000), _PENALTIES, None,
         "Tex. HSC 161.0901(b)(1); its head also speaks of suspension", _DISCIPLINE, "M", _REVIEWED),
    Rule("tx-violation-2", "US-TX", Penalty(2, fine_minor=200_000), _PENALTIES, None,
         "Tex. HSC 161.0901(b)(2); its head also speaks of suspension", _DISCIPLINE, "M", _REVIEWED),
    Rule("tx-violation-3", "US-TX", Penalty(3, fine_minor=300_000, suspension_days=5), _PENALTIES, None,
         "Tex. HSC 161.0901(b)(3)", _DISCIPLINE, "H", _REVIEWED),
    Rule("tx-violation-4", "US-TX", Penalty(4, revokes=True), _PENALTIES, None,
         "Tex. HSC 161.0901(c); (e) may spare a seller who trained its people", _DISCIPLINE, "M", _REVIEWED),
)  # fmt: skip
