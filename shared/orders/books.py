"""An order's money as the ledger sees it."""

from shared.ledger import rules
from shared.ledger import service as ledger
from shared.ledger.rules import Parts, Sale
from shared.storage.connection import Row
from shared.storage.work import Work

NOTHING = Parts(0, 0, 0)


def sale_of(row: Row) -> Sale:
    """From a row of `orders`."""
    return Sale(
        order_id=row["order_id"],
        merchant_id=row["merchant_id"],
        currency=row["currency"],
        subtotal_minor=row["subtotal_minor"],
        delivery_fee_minor=row["delivery_fee_minor"],
        tax_minor=row["tax_minor"],
        tip_minor=row["tip_minor"],
    )


def sold(work: Work, row: Row) -> None:
    """The goods were handed over: the customer owes the total, everybody has earned a share."""
    ledger.post(work, [rules.sale(sale_of(row))])
