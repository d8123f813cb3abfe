"""Ours beside theirs, line by line: what intents, orders and the ledger say, and what the processor has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from shared.kernel.ids import first_id
from shared.ledger import accounts
from shared.payments.protocol import Charge, PaymentProcessor
from shared.storage.work import Work

CHARGE = tuple(field.name for field in fields(Charge))
AMOUNTS = tuple(name for name in CHARGE if name.endswith("_minor"))


@dataclass(frozen=True, slots=True)
class Difference:
    """`what` differs between two sides, in minor units. `subject` is a processor's reference, an order or an account."""

    subject: str
    what: str
    ours_minor: int
    theirs_minor: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """`lines` is how many holds and payments were compared."""

    lines: int
    differences: tuple[Difference, ...]


def compare(ours: Iterable[Charge], theirs: Iterable[Charge]) -> Reconciliation:
    """Pure. What one side does not have counts there as nothing held, captured or refunded."""
    mine = {charge.reference: charge for charge in ours}
    foreign = {charge.reference: charge for charge in theirs}
    found: list[Difference] = []
    for reference in sorted(mine.keys() | foreign.keys()):
        nothing = Charge(reference, "", 0, 0, 0, 0)
        one, other = mine.get(reference, nothing), foreign.get(reference, nothing)
        for name in AMOUNTS:
            here, there = getattr(one, name), getattr(other, name)
            if here != there:
                found.append(Difference(reference, name.removesuffix("_minor"), here, there))
    return Reconciliation(len(mine.keys() | foreign.keys()), tuple(found))


def reconcile(work: Work, processor: PaymentProcessor, since: datetime) -> Reconciliation:
    """Holds and payments of this processor that moved since then on either side, or were open by then, each as it stands now;
    and the platform's balance there of the same orders. Raises Unavailable.

    Whole orders are compared: which of its payments moved is told by either side's own clock, and never leaves one without its
    counterpart.
    """
    moved = [row["order_id"] for row in work.run(_MOVED, processor=processor.name, since=since)]
    sellers = [row["account"] for row in work.run(_SELLERS, processor=processor.name, orders=moved)]
    work.checkpoint()
    theirs = {charge.reference: charge for charge in processor.charges(sellers, since)}
    orders = sorted({*moved, *(charge.order_id for charge in theirs.values())})
    rows = work.run(_OURS, processor=processor.name, orders=orders)
    account = accounts.processor(processor.name)
    booked = work.run(_BOOKED, account=account, orders=orders)[0]["booked_minor"]
    work.checkpoint()
    for row in rows:
        if row["reference"] not in theirs and row["account"] is not None:
            found = processor.charge(row["account"], row["reference"])
            theirs |= {found.reference: found} if found is not None else {}
    compared = compare([Charge(**{name: row[name] for name in CHARGE}) for row in rows], theirs.values())
    held = sum(charge.fee_minor for charge in theirs.values())
    balance = () if booked == held else (Difference(account, "balance", booked, held),)
    return Reconciliation(compared.lines, (*compared.differences, *balance))


def own_differences(work: Work, since: datetime) -> Iterator[Difference]:
    """Where our own books of orders that were placed, or whose money moved, since then disagree with each other: an order's
    row, its intents and its ledger entries."""
    for row in work.run(_OWN, since=since, first_order=first_id("ord", since), first_posted=first_id("ltx", since)):
        for what in ("captured", "refunded"):
            booked, asked, told = row[f"{what}_booked"], row[f"{what}_asked"], row[f"{what}_told"]
            if asked != told:
                yield Difference(row["order_id"], f"{what}: order and intents", told, asked)
            if asked != booked:
                yield Difference(row["order_id"], f"{what}: ledger and intents", booked, asked)


_LAST_MOVE = "greatest(asked_at, updated_at)"
"""Of an intent. On one machine the market's clock may run apart from the wall's, by which a processor is asked."""

_MOVED = f"""
    SELECT order_id FROM payment_intents WHERE processor = :processor AND {_LAST_MOVE} >= :since
    UNION
    SELECT order_id FROM payment_intents h
    WHERE processor = :processor AND kind = 'authorize' AND status = 'succeeded'
      AND (capture_before >= :since OR capture_before IS NULL)
      AND NOT EXISTS (SELECT FROM payment_intents e WHERE e.order_id = h.order_id AND e.hold_reference = h.reference
                      AND e.kind IN ('capture', 'void') AND e.status = 'succeeded')
"""
"""A hold is open until it is captured, given back, or has lapsed."""

_SELLERS = """
    SELECT payment_account AS account FROM merchants WHERE payment_account IS NOT NULL
    UNION
    SELECT account FROM payment_intents
    WHERE order_id = ANY(CAST(:orders AS text[])) AND processor = :processor AND account IS NOT NULL
    ORDER BY account
"""
_OURS = """
    SELECT h.reference, h.order_id, h.account,
           CASE WHEN coalesce(m.ended, false) THEN 0 ELSE h.amount_minor END AS held_minor,
           CAST(coalesce(m.captured_minor, 0) AS bigint) AS captured_minor,
           CAST(coalesce(m.refunded_minor, 0) AS bigint) AS refunded_minor,
           CAST(coalesce(m.fee_minor, 0) AS bigint) AS fee_minor
    FROM payment_intents h LEFT JOIN LATERAL (
        SELECT bool_or(kind IN ('capture', 'void')) AS ended,
               sum(amount_minor) FILTER (WHERE kind = 'capture') AS captured_minor,
               sum(amount_minor) FILTER (WHERE kind = 'refund') AS refunded_minor,
               sum(CASE kind WHEN 'capture' THEN fee_minor WHEN 'refund' THEN -fee_minor ELSE 0 END) AS fee_minor
        FROM payment_intents i
        WHERE i.order_id = h.order_id AND i.hold_reference = h.reference AND i.kind <> 'authorize' AND i.status = 'succeeded'
    ) AS m ON true
    WHERE h.order_id = ANY(CAST(:orders AS text[])) AND h.processor = :processor
      AND h.kind = 'authorize' AND h.status IN ('succeeded', 'superseded')
"""
_BOOKED = """
    SELECT CAST(coalesce(sum(e.amount_minor), 0) AS bigint) AS booked_minor
    FROM ledger_transactions t JOIN ledger_entries e USING (transaction_id)
    WHERE t.order_id = ANY(CAST(:orders AS text[])) AND e.account = :account
"""
_OWN = f"""
    WITH moved AS (
        SELECT order_id FROM orders WHERE order_id >= :first_order
        UNION SELECT order_id FROM payment_intents WHERE {_LAST_MOVE} >= :since
        UNION SELECT order_id FROM ledger_transactions WHERE transaction_id >= :first_posted
    )
    SELECT o.order_id, o.captured_minor AS captured_told, b.captured_booked, i.captured_asked,
           o.refunded_minor AS refunded_told, b.refunded_booked, i.refunded_asked
    FROM moved JOIN orders o USING (order_id), LATERAL (
        SELECT CAST(coalesce(sum(amount_minor) FILTER (WHERE kind = 'capture'), 0) AS bigint) AS captured_asked,
               CAST(coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund'), 0) AS bigint) AS refunded_asked
        FROM payment_intents p WHERE p.order_id = o.order_id AND p.status = 'succeeded'
    ) AS i, LATERAL (
        SELECT CAST(coalesce(-sum(e.amount_minor) FILTER (WHERE t.kind = 'capture'), 0) AS bigint) AS captured_booked,
               CAST(coalesce(-sum(e.amount_minor) FILTER (WHERE t.kind = 'refund' AND e.amount_minor < 0), 0) AS bigint)
                   AS refunded_booked
        FROM ledger_transactions t JOIN ledger_entries e USING (transaction_id)
        WHERE t.order_id = o.order_id AND e.account = 'customers'
    ) AS b
    WHERE o.payment_status <> 'refunding' AND (
        (o.captured_minor, o.refunded_minor) IS DISTINCT FROM (i.captured_asked, i.refunded_asked)
        OR (b.captured_booked, b.refunded_booked) IS DISTINCT FROM (i.captured_asked, i.refunded_asked)
    )
    ORDER BY o.order_id
"""
