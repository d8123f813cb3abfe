"""Texas: retail permits, delivery sales of e-cigarettes, and what may be read from a driving licence."""

from datetime import date

from shared.compliance.credentials import PermitKind
from shared.compliance.requirements import (
    MinimumAge,
    OutcomeOnly,
    Permit,
    PermitTerm,
    ProductAttestation,
    SaleHours,
    SchoolDistance,
    Statement,
)
from shared.compliance.rule import Rule

_REVIEWED = date(2026, 11, 20)
_DELIVERY_SALES = date(2019, 9, 1)
_PERMITS = date(2022, 1, 1)

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
    Rule("tx-certification", "US-TX", _STATEMENT, _DELIVERY_SALES, None, "Tex. HSC 161.453-454", f"{_HEALTH}#161.453", "M",
         _REVIEWED),
    Rule("tx-barcode", "US-TX", OutcomeOnly(), _DELIVERY_SALES, None, "Tex. HSC 161.0825; Transp. Code 521.126",
         f"{_HEALTH}#161.0825", "H", _REVIEWED),
    Rule("tx-sale-hours", "US-TX", SaleHours("07:00", "24:00"), _DELIVERY_SALES, None, "city ordinances; none holds statewide",
         None, "L", _REVIEWED, enforced=False),
    Rule("tx-school-distance", "US-TX", SchoolDistance(305), _DELIVERY_SALES, None, "city ordinances; none holds statewide",
         None, "L", _REVIEWED, enforced=False),
)  # fmt: skip
