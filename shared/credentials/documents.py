"""A driver's documents: filed, listed, reviewed. The vendor keeps the pictures, we keep tokens."""

from collections.abc import Sequence
from datetime import date

from shared.compliance import credentials, gates
from shared.compliance.credentials import CredentialStep, DocumentKind, Standing
from shared.compliance.facts import DriverFacts
from shared.compliance.policy import Policy, policy
from shared.credentials.holdings import DOCUMENTS, held
from shared.kernel.errors import NotFound
from shared.storage.connection import Row
from shared.storage.work import Work

COUNTRY = "US"
"""By whose rules a driver is let to work before any order is known; an order's own may ask for more."""


def file(
    work: Work, driver_id: str, kind: DocumentKind, vendor_token: str, issuer: str, expires_on: date | None
) -> Row:
    """A document or its renewal, to be reviewed. Raises NotFound."""
    rows = work.run(
        _FILE,
        document_id=work.new_id("doc"),
        driver_id=driver_id,
        kind=kind.value,
        vendor_token=vendor_token,
        issuer=issuer,
        expires_on=expires_on,
        now=work.now,
    )
    if not rows:
        raise _no_driver(driver_id)
    return rows[0]


def listed(work: Work, driver_id: str) -> list[Row]:
    """The newest of each kind. Raises NotFound."""
    facts(work, driver_id)
    return work.run(_NEWEST, driver_id=driver_id)


def facts(work: Work, driver_id: str) -> DriverFacts:
    """What the driver has on file, on the present day of its region. Raises NotFound."""
    row = work.one(_FACTS, driver_id=driver_id, now=work.now)
    if row is None:
        raise _no_driver(driver_id)
    return DriverFacts(row["today"], held(row["documents"]))


def rules_of_today(work: Work) -> Policy:
    return policy(COUNTRY, work.now.date())


def review(
    work: Work, driver_id: str, document_id: str, step: CredentialStep, reason: str | None, attested: Sequence[str]
) -> Row:
    """`attested` is what the reviewer found beyond its being genuine. Raises NotFound, ReviewNotPossible."""
    row = work.one(_LOAD, driver_id=driver_id, document_id=document_id)
    if row is None:
        raise NotFound.of("document", document_id)
    standing = credentials.standing_on(Standing(row["status"]), row["expires_on"], work.now.date())
    status = credentials.review(standing, step)
    reviewed = work.run(
        _REVIEW, document_id=document_id, status=status.value, reason=reason, attested=list(attested), now=work.now
    )[0]
    until = gates.cleared_until(rules_of_today(work), facts(work, driver_id))
    work.run(_CLEARED_UNTIL, driver_id=driver_id, until=until)
    return reviewed


def _no_driver(driver_id: str) -> NotFound:
    return NotFound(f"There is no driver {driver_id} yet. Send a profile with POST /v1/drivers first.")


_FACTS = f"""
    SELECT CAST(CAST(:now AS timestamptz) AT TIME ZONE r.timezone AS date) AS today, {DOCUMENTS} AS documents
    FROM drivers d JOIN regions r USING (region_id) WHERE d.driver_id = :driver_id AND d.closed_at IS NULL
"""
_FILE = """
    INSERT INTO driver_documents
        (document_id, driver_id, kind, vendor_token, issuer, status, expires_on, created_at, updated_at)
    SELECT :document_id, driver_id, :kind, :vendor_token, :issuer, 'submitted', CAST(:expires_on AS date),
           CAST(:now AS timestamptz), CAST(:now AS timestamptz)
    FROM drivers WHERE driver_id = :driver_id AND closed_at IS NULL FOR SHARE
    RETURNING *
"""
_NEWEST = """
    SELECT DISTINCT ON (kind) * FROM driver_documents WHERE driver_id = :driver_id ORDER BY kind, document_id DESC
"""
_LOAD = "SELECT * FROM driver_documents WHERE driver_id = :driver_id AND document_id = :document_id FOR UPDATE"
_REVIEW = """
    UPDATE driver_documents
    SET status = :status, review_reason = :reason, attested = CAST(:attested AS text[]), updated_at = :now
    WHERE document_id = :document_id
    RETURNING *
"""
_CLEARED_UNTIL = "UPDATE drivers SET documents_until = :until WHERE driver_id = :driver_id"
