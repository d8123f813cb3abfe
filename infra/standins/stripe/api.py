"""Requests to answers: routes, connected accounts, lists, and idempotency.

The first answer of a key is kept with its effect, an error of Stripe's own included, and repeated for a day to the same
request; another request with the key is refused. What was refused before anything began is not kept
(docs.stripe.com/api/idempotent_requests).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from infra.standins.faults import Fault
from infra.standins.stripe.errors import KEY_REUSED, Refused, invalid
from infra.standins.stripe.payments import PLATFORM, Params, Payments
from infra.standins.stripe.storage import Kept, Object, Storage

LISTED = {"payment_intents": "payment_intent", "refunds": "refund", "application_fees": "application_fee"}
BROKEN = {"error": {"type": "api_error", "message": "An error occurred on our side."}}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `account` is the connected account of its `Stripe-Account` header."""

    method: str
    path: str
    params: Params
    account: str
    key: str | None

    @property
    def fingerprint(self) -> str:
        return json.dumps([self.method, self.path, self.params], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Answered:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


class Api:
    def __init__(self, storage: Storage, clock: Callable[[], float], hold_s: float) -> None:
        self._storage = storage
        self._clock = clock
        self._payments = Payments(storage, clock, hold_s)

    def block(self, method: str) -> None:
        self._payments.blocked.add(method)

    def lapse(self, account: str, identifier: str) -> None:
        with self._storage.transaction():
            self._payments.lapse(account, identifier)

    def answer(self, asked: Asked, fault: Fault | None = None) -> Answered:
        """`fault` is one that Stripe itself has: ERROR before or AFTER the work."""
        with self._storage.transaction():
            kept = self._storage.key(asked.account, asked.key, self._clock()) if asked.key else None
            if kept is not None:
                return _repeat(kept, asked)
            status, body, keep = (500, BROKEN, True) if fault == Fault.ERROR else self._do(asked)
            if fault == Fault.AFTER:
                status, body, keep = 500, BROKEN, True
            if asked.key and keep and asked.method == "POST":
                told = Kept(asked.fingerprint, status, json.dumps(body))
                self._storage.keep_key(asked.account, asked.key, told, self._clock())
            return Answered(status, json.dumps(body))

    def _do(self, asked: Asked) -> tuple[int, Object, bool]:
        """(status, body, whether it is kept for the key)"""
        try:
            return 200, self._route(asked), True
        except Refused as refused:
            return refused.status, refused.body, refused.kept

    def _route(self, asked: Asked) -> Object:
        collection, *rest = asked.path.removeprefix("/v1/").split("/")
        payments, account, params = self._payments, asked.account, asked.params
        expand = params.get("expand", [])
        match (asked.method, collection, rest):
            case "POST", "payment_intents", []:
                return payments.expanded(account, payments.create(account, params), expand)
            case "GET", "payment_intents", [identifier]:
                return payments.expanded(account, payments.read(account, identifier), expand)
            case "POST", "payment_intents", [identifier, "confirm"]:
                return payments.expanded(account, payments.confirm(account, identifier, params), expand)
            case "POST", "payment_intents", [identifier, "capture"]:
                return payments.capture(account, identifier, params)
            case "POST", "payment_intents", [identifier, "cancel"]:
                return payments.cancel(account, identifier)
            case "POST", "refunds", []:
                return payments.refund(account, params)
            case "GET", "application_fees", [identifier]:
                return payments.fee(identifier)
            case "GET", _, [] if collection in LISTED:
                return self._list(collection, account, params)
        raise invalid(f"Unrecognized request URL ({asked.method}: {asked.path}).", status=404)

    def _list(self, collection: str, account: str, params: Params) -> Object:
        owner = PLATFORM if collection == "application_fees" else account
        expand = [name.removeprefix("data.") for name in params.get("expand", [])]
        found = _after(self._matching(LISTED[collection], owner, params), params.get("starting_after"))
        limit = int(params.get("limit", 10))
        page = [one for _, one in zip(range(limit + 1), found, strict=False)]
        data = [self._payments.expanded(account, one, expand) for one in page[:limit]]
        return {"object": "list", "data": data, "has_more": len(page) > limit, "url": f"/v1/{collection}"}

    def _matching(self, kind: str, account: str, params: Params) -> Iterator[Object]:
        since = int(params.get("created", {}).get("gte", 0))
        wanted: dict[str, Any] = {name: params[name] for name in ("payment_intent", "charge") if name in params}
        for one in self._storage.newest(kind, account):
            if one["created"] >= since and all(one[name] == value for name, value in wanted.items()):
                yield self._payments.read(account, one["id"]) if kind == "payment_intent" else one


def _after(found: Iterator[Object], last_id: str | None) -> Iterator[Object]:
    if last_id is not None:
        for one in found:
            if one["id"] == last_id:
                break
    return found


def _repeat(kept: Kept, asked: Asked) -> Answered:
    if kept.request != asked.fingerprint:
        return Answered(KEY_REUSED.status, json.dumps(KEY_REUSED.body))
    return Answered(kept.status, kept.body, {"Idempotent-Replayed": "true", "Stripe-Should-Retry": "false"})
