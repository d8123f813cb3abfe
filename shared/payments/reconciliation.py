"""Ours beside theirs, line by line: what intents, orders and the ledger say, and what the processor has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from shared.ledger import accounts
from shared.ledger import service as ledger
from shared.payments.protocol import Charge, PaymentProcessor
from shared.storage.work import Work

AMOUNTS = tuple(field.name for field in fields(Charge) if field.name.endswith("_minor"))


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


def reconcile(work: Work, processor: PaymentProcessor) -> Reconciliation:
    """Every hold and payment of this processor, and the platform's balance there. Raises Unavailable."""
    ours = [Charge(**row) for row in work.run(_OURS, processor=processor.name)]
    sellers = [row["account"] for row in work.run(_ACCOUNTS, processor=processor.name)]
    work.checkpoint()
    theirs = list(processor.charges(sellers))
    found = compare(ours, theirs)
    account = accounts.processor(processor.name)
    booked = sum(minor for (name, _), minor in ledger.balances(work, account).items() if name == account)
    held = sum(charge.fee_minor for charge in theirs)
    balance = () if booked == held else (Difference(account, "balance", booked, held),)
    return Reconciliation(found.lines, (*found.differences, *balance))


def own_differences(work: Work) -> Iterator[Difference]:
    """Where our own books disagree with each other: an order's row, its intents and its ledger entries."""
    for row in work.run(_OWN):
        for what in ("captured", "refunded"):
            booked, asked, told = row[f"{what}_booked"], row[f"{what}_asked"], row[f"{what}_told"]
            if asked != told:
                yield Difference(row["order_id"], f"{what}: order and intents", told, asked)
            if asked != booked:
                yield Difference(row["order_id"], f"{what}: ledger and intents", booked, asked)


_OURS = """
    SELECT h.reference, h.order_id,
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
    WHERE h.kind = 'authorize' AND h.status IN ('succeeded', 'superseded') AND h.processor = :processor
"""
_ACCOUNTS = (
    "SELECT DISTINCT account FROM payment_intents WHERE processor = :processor AND account IS NOT NULL ORDER BY account"
)
_OWN = """
    SELECT o.order_id, o.captured_minor AS captured_told, b.captured_booked, i.captured_asked,
           o.refunded_minor AS refunded_told, b.refunded_booked, i.refunded_asked
    FROM orders o, LATERAL (
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
