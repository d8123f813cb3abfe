"""Posting to the ledger and reading its balances."""

import json
from collections.abc import Iterable

from shared.ledger.rules import Entry, Transaction
from shared.storage.work import Work


def post(work: Work, transactions: Iterable[Transaction]) -> None:
    """In the packet of the work's next statement or COMMIT, so that books cost no round trip of their own.

    Posting the same (kind, subject) twice is an error of the caller that fails the COMMIT. Without entries, nothing is posted.
    """
    posted = [
        {
            "transaction_id": work.new_id("ltx"),
            "kind": transaction.kind,
            "subject": transaction.subject,
            "order_id": transaction.order_id,
            "currency": transaction.currency,
            "entries": [
                {"line": line, "account": entry.account, "amount_minor": entry.amount_minor}
                for line, entry in enumerate(transaction.entries, 1)
            ],
        }
        for transaction in transactions
        if transaction.entries
    ]
    if posted:
        work.run_later(_POST, transactions=json.dumps(posted), now=work.now)


def balances(work: Work, prefix: str = "") -> dict[tuple[str, str], int]:
    """By (account, currency), those that are not zero; of the accounts whose names begin with `prefix`."""
    rows = work.run(_BALANCES, prefix=prefix)
    return {(row["account"], row["currency"]): row["balance_minor"] for row in rows}


def owed(work: Work, payee: str) -> dict[str, tuple[Entry, ...]]:
    """By currency, the balances of `driver:…`, or of `merchant:…` together with the tax collected in its name."""
    kind, _, payee_id = payee.partition(":")
    names = [payee, f"tax:{payee_id}"] if kind == "merchant" else [payee]
    found: dict[str, list[Entry]] = {}
    for row in work.run(_BALANCES_OF, accounts=names):
        found.setdefault(row["currency"], []).append(Entry(row["account"], row["balance_minor"]))
    return {currency: tuple(entries) for currency, entries in found.items()}


_POST = """
    WITH posted AS (
        INSERT INTO ledger_transactions (transaction_id, kind, subject, order_id, currency, at)
        SELECT t.transaction_id, t.kind, t.subject, t.order_id, t.currency, CAST(:now AS timestamptz)
        FROM jsonb_to_recordset(CAST(:transactions AS jsonb))
            AS t(transaction_id text, kind text, subject text, order_id text, currency text)
    )
    INSERT INTO ledger_entries (transaction_id, line, account, amount_minor)
    SELECT t.transaction_id, e.line, e.account, e.amount_minor
    FROM jsonb_to_recordset(CAST(:transactions AS jsonb)) AS t(transaction_id text, entries jsonb),
         jsonb_to_recordset(t.entries) AS e(line smallint, account text, amount_minor bigint)
"""
_BALANCES = """
    SELECT e.account, t.currency, CAST(sum(e.amount_minor) AS bigint) AS balance_minor
    FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id)
    WHERE starts_with(e.account, :prefix)
    GROUP BY 1, 2 HAVING sum(e.amount_minor) <> 0 ORDER BY 1, 2
"""
_BALANCES_OF = """
    SELECT e.account, t.currency, CAST(sum(e.amount_minor) AS bigint) AS balance_minor
    FROM ledger_entries e JOIN ledger_transactions t USING (transaction_id)
    WHERE e.account = ANY(CAST(:accounts AS text[]))
    GROUP BY 1, 2 HAVING sum(e.amount_minor) <> 0 ORDER BY 1, 2
"""
