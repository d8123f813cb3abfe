"""The price of a cart as its customer sees it."""

from datetime import datetime

from shared.kernel.wire import View
from shared.orders.quotes import Quote


class Certification(View):
    version: str
    text: str


class PriceView(View):
    """`surge_fee_minor` is the part of `delivery_fee_minor` that the multiplier added; `surge_bps` 10,000 is none."""

    id: str
    expires_at: datetime
    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    surge_bps: int
    surge_fee_minor: int
    tax_minor: int
    tip_minor: int
    total_minor: int
    promised_from: datetime
    promised_until: datetime
    restricted: bool
    certification: Certification | None


def view(quote: Quote) -> PriceView:
    price = quote.price
    return PriceView(
        id=quote.price_id,
        expires_at=quote.expires_at,
        currency=price.total.currency,
        subtotal_minor=price.subtotal.minor,
        delivery_fee_minor=price.delivery_fee.minor,
        surge_bps=price.surge_bps,
        surge_fee_minor=price.surge_fee.minor,
        tax_minor=price.tax.minor,
        tip_minor=price.tip.minor,
        total_minor=price.total.minor,
        promised_from=price.promised_from,
        promised_until=price.promised_until,
        restricted=price.restricted,
        certification=Certification(version=quote.statement.version, text=quote.statement.text)
        if quote.statement
        else None,
    )
