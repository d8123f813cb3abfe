"""What a provider tells of its own accord. Only that something happened is believed; what happened is fetched."""

import hashlib
from collections.abc import Callable

from shared.storage import inbox
from shared.storage.work import Work
from shared.verification.protocol import CheckResult
from shared.verification.service import record


def take(
    work: Work, consumer: str, body: bytes, reference: str, fetch: Callable[[str], CheckResult | None]
) -> CheckResult | None:
    """Apply the check that is announced, once per body; gives what was applied. Raises Unavailable: it is to be sent again.

    What is fetched is how the check stands now, so announcements may come twice, late, in any order, or before the answer
    to the request that began the check.
    """
    message_id = hashlib.sha256(body).hexdigest()
    if inbox.is_known(work, consumer, message_id):
        return None
    result = fetch(reference)
    if not inbox.remember(work, consumer, message_id) or result is None:
        return None
    check = work.one(_ORDER_OF, check_id=result.check_id)
    if check is None:
        return None
    record(work, check["order_id"], result)
    return result


_ORDER_OF = "SELECT order_id FROM age_checks WHERE check_id = :check_id"
