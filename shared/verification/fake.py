"""A provider that decides by what it is told, for development and tests."""

from datetime import date

from shared.verification.protocol import CheckResult, Subject


class FakeVerifier:
    """Fails anyone under the minimum age, and any full name that contains `Mismatch`."""

    def check(self, check_id: str, subject: Subject, *, minimum_age: int, today: date) -> CheckResult:
        passed = age_on(today, subject.birth_date) >= minimum_age and "Mismatch" not in subject.full_name
        return CheckResult("passed" if passed else "failed", "fake", "database_check", f"fake_{check_id}")


def age_on(day: date, birth_date: date) -> int:
    """Completed years; someone born on 29 February has the birthday on 1 March of common years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
