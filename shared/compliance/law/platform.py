"""What the platform asks of its own accord, wherever it delivers: who may carry age-restricted goods."""

from datetime import date

from shared.compliance.credentials import DocumentKind
from shared.compliance.requirements import DriverDocument
from shared.compliance.rule import Rule

_REVIEWED = date(2026, 11, 20)
_SINCE = date(2026, 1, 1)


def _asked(rule_id: str, requires: DriverDocument) -> Rule:
    return Rule(rule_id, "US", requires, _SINCE, None, "platform policy", None, "H", _REVIEWED)


RULES: tuple[Rule, ...] = (
    _asked("us-driver-licence", DriverDocument(DocumentKind.LICENCE, "driving licence", attested="age_21")),
    _asked("us-driver-insurance", DriverDocument(DocumentKind.INSURANCE, "insurance", attested="delivery_endorsement")),
    _asked("us-driver-registration", DriverDocument(DocumentKind.REGISTRATION, "vehicle registration")),
    _asked("us-driver-background", DriverDocument(DocumentKind.BACKGROUND_CHECK, "background check")),
    _asked("us-driver-record", DriverDocument(DocumentKind.DRIVING_RECORD, "driving record")),
    _asked("us-driver-photo", DriverDocument(DocumentKind.PHOTO, "photo")),
)
