"""The United States: the age, the authorisation of products, and the PACT Act for whoever delivers them."""

from datetime import date

from shared.compliance.credentials import PermitKind
from shared.compliance.requirements import (
    AgeCheck,
    DeliveryWeight,
    DoorstepCheck,
    InPerson,
    Label,
    MinimumAge,
    Permit,
    ProductAuthorization,
    PurchaserAddress,
    Retention,
)
from shared.compliance.rule import Rule

_REVIEWED = date(2026, 11, 20)
_PACT = date(2021, 3, 27)
"""E-cigarettes came under the PACT Act 90 days after Pub. L. 116-260 was signed."""

_CODE = "https://www.law.cornell.edu/uscode/text"
_AGE, _REVIEW = f"{_CODE}/21/387f", f"{_CODE}/21/387j"
_REGISTRATION, _DELIVERY = f"{_CODE}/15/376", f"{_CODE}/15/376a"

_LABEL = Label(
    "us-2021-01",
    "CIGARETTES/NICOTINE/SMOKELESS TOBACCO: FEDERAL LAW REQUIRES THE PAYMENT OF ALL APPLICABLE EXCISE TAXES, AND COMPLIANCE "
    "WITH APPLICABLE LICENSING AND TAX-STAMPING OBLIGATIONS",
)
_ATF = Permit(PermitKind.ATF_REGISTRATION, "ATF registration")
_LIST_CHECK = Permit(PermitKind.NONCOMPLIANT_LIST_CHECK, "finding that it is not on the list of non-compliant sellers")

RULES: tuple[Rule, ...] = (
    Rule("us-age-21", "US", MinimumAge(21), date(2019, 12, 20), None, "21 USC 387f(d)(5)", _AGE, "H", _REVIEWED),
    Rule("us-product-authorized", "US", ProductAuthorization(), _PACT, None, "21 USC 387j", _REVIEW, "H", _REVIEWED),
    Rule("us-weight", "US", DeliveryWeight(4_535), _PACT, None, "15 USC 376a(b)(3)", _DELIVERY, "M", _REVIEWED),
    Rule("us-atf-registration", "US", _ATF, _PACT, None, "15 USC 376(a)(1); ATF 5070.1", _REGISTRATION, "H", _REVIEWED),
    Rule("us-not-listed", "US", _LIST_CHECK, _PACT, None, "15 USC 376a(e)", _DELIVERY, "H", _REVIEWED),
    Rule("us-record-address", "US", PurchaserAddress(), _PACT, None, "15 USC 376a(c)(1); 376(a)(2)", _DELIVERY, "H", _REVIEWED),
    Rule("us-retention", "US", Retention(4), _PACT, None, "15 USC 376a(c)(2)", _DELIVERY, "H", _REVIEWED),
    Rule("us-label", "US", _LABEL, _PACT, None, "15 USC 376a(b)(1)", _DELIVERY, "M", _REVIEWED),
    Rule("us-checkout-age", "US", AgeCheck("database_check"), _PACT, None, "15 USC 376a(b)(4)(A)(iii)", _DELIVERY, "H",
         _REVIEWED),
    Rule("us-checkout-document", "US", AgeCheck("document_check"), _PACT, None, "15 USC 376a(b)(4)(A)(iii), read widely",
         _DELIVERY, "M", _REVIEWED),
    Rule("us-doorstep", "US", DoorstepCheck(), _PACT, None, "15 USC 376a(b)(4)(A)(ii); 89 FR 70483", _DELIVERY, "H",
         _REVIEWED),
    Rule("us-in-person", "US", InPerson(), _PACT, None, "15 USC 376a(b)(4)(A)(ii)", _DELIVERY, "H", _REVIEWED),
)  # fmt: skip
