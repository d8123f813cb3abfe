"""Onfido, through its own SDK (API v3.6): a person is an applicant, a check is a run of a workflow made in Onfido Studio.

The workflow compares a document with a face and must refuse anyone below its input `minimum_age`. Runs carry the check's id
as their tag, so that a run is found again by what we know, whatever became of the answer that told its id.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import urllib3
from onfido import (
    ApiClient,
    ApiException,
    ApplicantBuilder,
    ApplicantConsentBuilder,
    ApplicantConsentName,
    Configuration,
    CountryCodes,
    DefaultApi,
    LocationBuilder,
    WebhookEventVerifier,
    WorkflowRun,
    WorkflowRunBuilder,
)
from onfido.configuration import Region
from pydantic import ValidationError

from shared.kernel.errors import BadInput, Refusal, Unavailable
from shared.verification.protocol import CheckRequest, CheckResult, Evidence, Outcome, Receipt, Subject

log = logging.getLogger(__name__)

CONNECT_S, PATIENCE_S = 3.0, 10.0
RETRIES = urllib3.Retry(total=1, backoff_factor=0.2, respect_retry_after_header=False)
"""One more try where that is safe: a connection that was not made, or a read. A POST that may have arrived is not sent again,
and nobody waits here for as long as a 429 would like: the sweeper does."""

STRAY_AFTER = timedelta(hours=1)
"""By Onfido's clock, which is the wall's: a check holds on to its applicant within a moment."""
PEOPLE_A_PAGE = 100

GONE = (404, 410)
OUTCOMES = {
    "approved": Outcome.APPROVED,
    "declined": Outcome.DECLINED,
    "review": Outcome.REVIEW,
    "abandoned": Outcome.ABANDONED,
    "error": Outcome.ERROR,
}
"""Every other status is on its way to one of these."""

_UNTOLD = datetime.max.replace(tzinfo=UTC)


class BadSignature(Refusal):
    code, title = "bad_signature", "The signature is not the vendor's"


class ProviderMisconfigured(RuntimeError):
    """Onfido and we do not speak alike: our token, workflow or version; the message says what to look at."""


@dataclass(frozen=True, slots=True)
class OnfidoAccount:
    """`url` is only given to speak with a stand-in; `patience_s` is how long an answer may take."""

    api_token: str
    webhook_token: str
    workflow_id: UUID
    region: Region
    url: str | None = None
    patience_s: float = PATIENCE_S

    def __repr__(self) -> str:
        return f"OnfidoAccount({self.region})"


class OnfidoVerifier:
    provider = "onfido"
    evidence: Evidence = "document_check"

    def __init__(self, account: OnfidoAccount) -> None:
        self._account = account
        self._api = DefaultApi(
            ApiClient(
                Configuration(
                    api_token=account.api_token,
                    region=account.region,
                    host=account.url,
                    timeout=urllib3.Timeout(connect=CONNECT_S, read=account.patience_s),
                    retries=RETRIES,  # type: ignore[arg-type]  # it is handed to urllib3, which takes either
                )
            )
        )

    def check(self, request: CheckRequest, hold: Callable[[str], None]) -> CheckResult:
        if request.held_as is not None:
            try:
                return self._go_on(request, request.held_as)
            except _Gone:
                log.info("the person of check %s was deleted at Onfido meanwhile; it begins anew", request.check_id)
        held_as = self._create_applicant(request.subject)
        hold(held_as)
        try:
            return self._start(request, held_as)
        except _Gone:
            raise ProviderMisconfigured("Onfido knows no such workflow: check ONFIDO_WORKFLOW_ID.") from None

    def find(self, check_id: str) -> CheckResult | None:
        run = self._run_of(check_id)
        return None if run is None else self._result(run)

    def fetch(self, run_id: str) -> CheckResult | None:
        """A run by Onfido's id; None when it is gone, with its applicant, or is not one of ours. Raises Unavailable."""
        try:
            with _answered():
                run = self._api.find_workflow_run(UUID(run_id))
        except _Gone:
            return None
        return self._result(run) if run.tags else None

    def held_long(self) -> list[str]:
        """Page by page: Onfido lists the newest first, so whom it has held for long comes last."""
        oldest_of_use = datetime.now(UTC) - STRAY_AFTER
        held: list[str] = []
        for number in count(1):
            with _answered():
                page = self._api.list_applicants(page=number, per_page=PEOPLE_A_PAGE).applicants
            held += [str(one.id) for one in page if one.created_at is None or one.created_at < oldest_of_use]
            if len(page) < PEOPLE_A_PAGE:
                break
        return held

    def forget(self, held_as: str) -> Receipt:
        try:
            with _answered():
                answer = self._api.delete_applicant_with_http_info(UUID(held_as))
        except _Gone as gone:
            return Receipt(self.provider, held_as, gone.status, gone.request_id, gone.at)
        headers = answer.headers or {}
        return Receipt(
            self.provider, held_as, answer.status_code, headers.get("X-Request-Id", ""), headers.get("Date", "")
        )

    def announced(self, body: bytes, signature: str | None) -> str | None:
        """The run that a webhook says has completed; None for any other news. Raises BadSignature.

        The signature is compared here, over the bytes as they came, before the SDK reads them: its verifier takes text
        alone and raises on a missing header. It bears no time, so a repetition is told by its content.
        """
        expected = hmac.new(self._account.webhook_token.encode(), body, hashlib.sha256).hexdigest()
        if signature is None or not hmac.compare_digest(expected.encode(), signature.encode()):
            raise BadSignature("X-SHA2-Signature must be the HMAC-SHA256 of the body with this webhook's token.")
        try:
            event = WebhookEventVerifier(self._account.webhook_token).read_payload(body.decode(), expected)
            payload = event.payload if event else None
            if payload is None or payload.object is None or payload.action != "workflow_run.completed":
                return None
            return str(UUID(payload.object.id))
        except ValueError:
            log.info("a signed webhook of a kind that the SDK does not know was passed over")
            return None

    def _go_on(self, request: CheckRequest, held_as: str) -> CheckResult:
        """With the run that was begun, or with the applicant where that was all. Raises _Gone."""
        begun = self._run_of(request.check_id)
        if begun is None:
            return self._start(request, held_as)
        with _answered():
            return self._result(self._api.find_workflow_run(begun.id))

    def _start(self, request: CheckRequest, held_as: str) -> CheckResult:
        builder = WorkflowRunBuilder(
            applicant_id=UUID(held_as),
            workflow_id=self._account.workflow_id,
            tags=[request.check_id],
            custom_data={"minimum_age": request.minimum_age},
        )
        with _answered():
            return self._result(self._api.create_workflow_run(builder))

    def _create_applicant(self, subject: Subject) -> str:
        """Only what a document is compared with: the residence stays here."""
        first, _, last = subject.full_name.partition(" ")
        try:
            builder = ApplicantBuilder(
                first_name=first,
                last_name=last or first,
                dob=subject.birth_date,
                location=LocationBuilder(country_of_residence=CountryCodes.USA),
                consents=[ApplicantConsentBuilder(name=ApplicantConsentName.PRIVACY_NOTICES_READ, granted=True)],
            )
        except ValidationError:
            raise BadInput.field("body.full_name", "has characters that the age check's provider cannot take") from None
        with _answered():
            return str(self._api.create_applicant(builder).id)

    def _run_of(self, check_id: str) -> WorkflowRun | None:
        """The check's run. There may be two, of which the customer was given one: when a request that broke off was carried
        out after all. So one that has ended counts before one that nobody works on, then the older one."""
        with _answered():
            runs = self._api.list_workflow_runs(tags=[check_id])
        return min(runs, key=lambda run: (run.status not in OUTCOMES, run.created_at or _UNTOLD), default=None)

    def _result(self, run: WorkflowRun) -> CheckResult:
        outcome = OUTCOMES.get(run.status or "", Outcome.PENDING)
        token = run.sdk_token if outcome == Outcome.PENDING else None
        return CheckResult((run.tags or [""])[0], outcome, self.provider, self.evidence, str(run.id), token)


class _Gone(Exception):
    """Onfido holds no such thing (any longer), in its own words."""

    def __init__(self, error: ApiException) -> None:
        super().__init__(f"status {error.status}")
        headers = error.headers or {}
        self.status = int(error.status or 0)
        self.request_id = str(headers.get("X-Request-Id", ""))
        self.at = str(headers.get("Date", ""))


@contextmanager
def _answered() -> Iterator[None]:
    """Onfido's refusals as ours. `from None` everywhere: what the SDK raises repeats names and bodies, which no log may."""
    try:
        yield
    except urllib3.exceptions.HTTPError:
        raise Unavailable(
            "The age check's provider does not answer. Send the same request again in a moment."
        ) from None
    except ValidationError:
        raise ProviderMisconfigured(
            "Onfido's answer is not one that the SDK can read: is it of this version?"
        ) from None
    except ApiException as error:
        status = int(error.status or 0)
        if status in GONE:
            raise _Gone(error) from None
        if status == 429 or status >= 500 or status == 0:
            raise Unavailable("The age check's provider is overloaded. Send the same request again shortly.") from None
        if status == 422:
            raise BadInput.field("body", "is not what the age check's provider can take; check the spelling") from None
        raise ProviderMisconfigured(
            f"Onfido answered {status}: check VERIFICATION_KEY, ONFIDO_REGION and ONFIDO_WORKFLOW_ID."
        ) from None
