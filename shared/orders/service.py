"""Loading an order and changing it. Every change of an order passes through `apply`."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from shared.compliance.gates import checkout_age_required
from shared.compliance.policy import Policy, policy
from shared.dossier.chain import link
from shared.kernel.clock import rfc3339
from shared.kernel.errors import NotFound, PreconditionFailed
from shared.kernel.positions import Position
from shared.kernel.roles import Actor
from shared.ledger.rules import refunded_parts
from shared.orders import books
from shared.orders.rules import Decision, NotPossibleNow, OrderFacts
from shared.orders.states import TERMINAL, Status
from shared.storage import outbox
from shared.storage.connection import Row
from shared.storage.work import Work


@dataclass(frozen=True, slots=True)
class Order:
    """A row of `orders` as it stood when it was read."""

    row: Row

    @property
    def id(self) -> str:
        return str(self.row["order_id"])

    @property
    def status(self) -> Status:
        return Status(self.row["status"])

    @property
    def pickup(self) -> Position:
        return Position(self.row["pickup_lat"], self.row["pickup_lng"])

    @property
    def dropoff(self) -> Position:
        return Position(self.row["dropoff_lat"], self.row["dropoff_lng"])

    @property
    def policy(self) -> Policy:
        """The rules of the day on which it was placed, by the store's calendar."""
        return policy(self.row["jurisdiction"], self.row["policy_on"])

    @property
    def facts(self) -> OrderFacts:
        row = self.row
        return OrderFacts(
            status=self.status,
            restricted=row["restricted"],
            age_check_required=checkout_age_required(self.policy, restricted=row["restricted"]),
            payment_status=row["payment_status"],
            authorized_minor=row["authorized_minor"],
            captured_minor=row["captured_minor"],
            refunded_minor=row["refunded_minor"],
            total_minor=row["total_minor"],
            ready_at=row["ready_at"],
            doorstep_passed=row["doorstep_passed"],
        )


def read(work: Work, order_id: str) -> Order:
    """Raises NotFound."""
    row = work.one(_READ, order_id=order_id)
    if row is None:
        raise NotFound.of("order", order_id)
    return Order(row)


def load(work: Work, order_id: str) -> Order:
    """Read for a change: others wait until this transaction ends. Raises NotFound, PreconditionFailed (`If-Match`)."""
    return load_with(work, order_id, [])[order_id]


def load_with(work: Work, order_id: str, others: Iterable[str]) -> dict[str, Order]:
    """`load` an order together with others that the change concerns, all locked in the order of their ids; by id."""
    rows = {row["order_id"]: row for row in work.run(_LOAD, order_ids=[order_id, *others])}
    if order_id not in rows:
        raise NotFound.of("order", order_id)
    version = rows[order_id]["version"]
    if work.if_match is not None and work.if_match != version:
        raise PreconditionFailed(
            f"The order is at version {version} now. Read it again before you change it.",
            current_status=rows[order_id]["status"],
        )
    return {found_id: Order(row) for found_id, row in rows.items()}


def apply(work: Work, order: Order, decision: Decision, actor: Actor) -> Order:
    """Make a decision true in one statement: conditional update, dossier event, outbox message. Gives the changed order.

    Raises NotPossibleNow when another change came first.
    """
    row, now = order.row, work.now
    event = link(
        order.id,
        row["dossier_length"] + 1,
        decision.event,
        rfc3339(now),
        {"role": actor.role, "id": actor.id},
        {**decision.data, "status": decision.target.value},
        row["dossier_head"],
    )
    changed: Row = {**row, **decision.changes}
    changed |= {
        "status": decision.target.value,
        "version": row["version"] + 1,
        "updated_at": now,
        "dossier_length": event.seq,
        "dossier_head": event.hash,
        "timeline": _timeline(row, decision, now),
    }
    columns = tuple(
        sorted({*decision.changes, "status", "version", "updated_at", "dossier_length", "dossier_head", "timeline"})
    )
    rows = work.run(
        _apply_sql(columns, decision.payment is not None),
        order_id=order.id,
        expected_status=decision.source.value,
        expected_version=row["version"],
        event=json.dumps(_columns(event)),
        messages=json.dumps(
            [
                outbox.message(
                    work,
                    outbox.ORDER_EVENTS,
                    order.id,
                    message_of(changed, event.type, event.seq),
                    {"type": event.type},
                )
            ]
        ),
        now=now,
        **_intent(work, row, decision),
        **{f"set_{column}": _parameter(changed[column]) for column in columns},
    )
    if rows[0]["moved"] == 0:
        raise NotPossibleNow("The order changed at the same moment. Read it again, then decide anew.")
    return Order(changed)


def message_of(row: Row, event: str, seq: int) -> dict[str, Any]:
    """What the world is told of an order event: ids and status, never a name or an address."""
    told = (
        "order_id",
        "status",
        "region_id",
        "store_id",
        "merchant_id",
        "customer_id",
        "driver_id",
        "task_id",
        "tracking_id",
    )
    return {**{name: row[name] for name in told}, "type": event, "seq": seq, "at": rfc3339(row["updated_at"])}


def latest_events(work: Work) -> list[dict[str, Any]]:
    """What the world was last told of every order that has not ended."""
    rows = work.run(_OPEN, terminal=sorted(TERMINAL))
    return [message_of(row, row["event"], row["dossier_length"]) for row in rows]


def _timeline(row: Row, decision: Decision, now: datetime) -> list[dict[str, str]]:
    if decision.target == decision.source:
        return list(row["timeline"])
    return [*row["timeline"], {"status": decision.target.value, "at": rfc3339(now)}]


def _columns(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in ("seq", "type", "at", "actor", "data", "prev_hash", "hash")}


def _parameter(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def _intent(work: Work, row: Row, decision: Decision) -> dict[str, Any]:
    """What must be asked of the payment processor once this is committed, with the platform's part of it."""
    if decision.payment is None:
        return {}
    whole_minor: int = {**row, **decision.changes}["authorized_minor"]
    amount_minor = whole_minor if decision.amount_minor is None else decision.amount_minor
    parts = {
        "capture": books.sale_of(row).parts(amount_minor),
        "void": books.NOTHING,
        "refund": refunded_parts(books.sale_of(row), amount_minor, row["refunded_minor"]),
    }[decision.payment]
    return {
        "intent_id": work.new_id("pay"),
        "payment": decision.payment,
        "amount_minor": amount_minor,
        "fee_minor": parts.platform_minor,
    }


@cache
def _apply_sql(columns: tuple[str, ...], moves_money: bool) -> str:
    assignments = ", ".join(f"{column} = :set_{column}" for column in columns)
    return f"""
        WITH moved AS (
            UPDATE orders SET {assignments}
            WHERE order_id = :order_id AND status = :expected_status AND version = :expected_version
            RETURNING order_id, currency
        ), appended AS (
            INSERT INTO dossier_events (order_id, seq, type, at, actor, data, prev_hash, hash)
            SELECT moved.order_id, e.seq, e.type, e.at, e.actor, e.data, e.prev_hash, e.hash
            FROM moved, jsonb_to_record(CAST(:event AS jsonb))
                AS e(seq integer, type text, at text, actor jsonb, data jsonb, prev_hash text, hash text)
        ), queued AS (
            INSERT INTO outbox (message_id, topic, ordering_key, data, attributes, created_at)
            SELECT said.* FROM moved, ({outbox.ROWS}) AS said
        ){_INTENDED if moves_money else ""}
        SELECT count(*) AS moved FROM moved
    """


_INTENDED = """, intended AS (
            INSERT INTO payment_intents (intent_id, order_id, processor, account, kind, status, amount_minor, fee_minor,
                currency, hold_reference, created_at, updated_at)
            SELECT :intent_id, moved.order_id, hold.processor, hold.account, :payment, 'pending',
                   CAST(:amount_minor AS bigint), CAST(:fee_minor AS bigint), moved.currency, hold.reference, :now, :now
            FROM moved JOIN payment_intents hold ON hold.order_id = moved.order_id
                AND hold.kind = 'authorize' AND hold.status = 'succeeded'
        )"""
_READ = "SELECT * FROM orders WHERE order_id = :order_id"
_LOAD = "SELECT * FROM orders WHERE order_id = ANY(CAST(:order_ids AS text[])) ORDER BY order_id FOR UPDATE"
_OPEN = """
    SELECT o.*, e.type AS event FROM orders o JOIN dossier_events e ON e.order_id = o.order_id AND e.seq = o.dossier_length
    WHERE o.status <> ALL(CAST(:terminal AS text[])) ORDER BY o.order_id
"""
