"""From a cart to a price that holds for a quarter of an hour."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.compliance.facts import CartFacts
from shared.compliance.policy import policy
from shared.compliance.requirements import Statement
from shared.credentials.holdings import PERMITS
from shared.kernel.clock import rfc3339
from shared.kernel.errors import BadInput, NotFound
from shared.kernel.money import Money
from shared.kernel.positions import Position
from shared.orders import eta, learnt
from shared.orders.pricing import Line, Price, price_cart
from shared.orders.sale import NotServed, OutOfStock, check_goods, check_open, goods, local
from shared.orders.surge import SurgeTerms
from shared.storage.connection import Row
from shared.storage.work import Work

PRICE_VALID = timedelta(minutes=15)
SURGE_FRESH = timedelta(minutes=5)
"""A zone's multiplier that has not been renewed for longer is not charged."""


@dataclass(frozen=True, slots=True)
class CartItem:
    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A price that was stored: redeemed once, until `expires_at`, by whoever certifies the `statement`, if there is one."""

    price_id: str
    expires_at: datetime
    price: Price
    statement: Statement | None


def quote(
    work: Work,
    customer_id: str,
    store_id: str,
    items: list[CartItem],
    dropoff: Position,
    address_id: str | None,
    tip_minor: int,
) -> Quote:
    """Price a cart for a place, which `address_id` names when it is a saved one of the customer's.

    Raises NotFound, BadInput, StoreClosed, NotServed, OutOfStock, GateRefused.
    """
    now = work.now
    store = work.one(_STORE, store_id=store_id, now=now, fresh_after=now - SURGE_FRESH)
    if store is None:
        raise NotFound.of("store", store_id)
    products = {row["product_id"]: row for row in work.run(_PRODUCTS, store_id=store_id)}
    lines = tuple(_line(products, position, item) for position, item in enumerate(items))
    origin = Position(store["lat"], store["lng"])
    check_open(store, now)
    distance_m = origin.distance_m(dropoff)
    if distance_m > store["radius_m"]:
        raise NotServed(f"{store['store_name']} delivers within {store['radius_m']} m of the store.")
    rules = policy(store["jurisdiction"], local(store, now).date())
    wanted = CartFacts(tuple(goods(products[item.product_id], item.quantity) for item in items))
    check_goods(rules, store, wanted, now, address_known=address_id is not None)
    pressure = eta.pressure(store["waiting"], store["free"])
    expected = eta.at_order(store["prep_s"], distance_m, pressure, store["offsets"])
    terms = SurgeTerms.of(store["settings"])
    price = price_cart(
        lines,
        distance_m=distance_m,
        expected=expected,
        tip_minor=tip_minor,
        now=now,
        surge_bps=terms.charged_bps(store["surge_bps"]),
        driver_share_bps=terms.driver_share_bps,
    )
    price_id, expires_at = work.new_id("prc"), now + PRICE_VALID
    cart = {
        "items": [asdict(item) for item in items],
        "dropoff": asdict(dropoff),
        "address_id": address_id,
        "eta": {"likely_s": expected.likely_s, "pressure": pressure},
        **_amounts(price),
    }
    work.run(
        _STORE_PRICE,
        price_id=price_id,
        customer_id=customer_id,
        store_id=store_id,
        cart=json.dumps(cart),
        expires_at=expires_at,
    )
    return Quote(price_id, expires_at, price, rules.statement if price.restricted else None)


def _line(products: dict[str, Row], position: int, item: CartItem) -> Line:
    product = products.get(item.product_id)
    if product is None:
        raise BadInput.field(f"body.items[{position}].product_id", "is not a product this store sells")
    if product["stock"] < item.quantity:
        raise OutOfStock(f"Only {product['stock']} of {product['name']} are left.", product_id=item.product_id)
    return Line(
        product_id=item.product_id,
        name=product["name"],
        quantity=item.quantity,
        unit_price=Money(product["price_minor"], product["currency"]),
        tax_bps=product["tax_bps"],
        restricted=product["restricted"],
        weight_g=product["weight_g"],
    )


def _amounts(price: Price) -> dict[str, Any]:
    return {
        "currency": price.total.currency,
        "subtotal_minor": price.subtotal.minor,
        "delivery_fee_minor": price.delivery_fee.minor,
        "surge_bps": price.surge_bps,
        "surge_fee_minor": price.surge_fee.minor,
        "driver_surge_minor": price.driver_surge.minor,
        "tax_minor": price.tax.minor,
        "tip_minor": price.tip.minor,
        "total_minor": price.total.minor,
        "promised_from": rfc3339(price.promised_from),
        "promised_until": rfc3339(price.promised_until),
        "lines": [
            {
                "product_id": line.product_id,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price_minor": line.unit_price.minor,
                "restricted": line.restricted,
            }
            for line in price.lines
        ],
    }


# The store's zone is the one with the nearest centre, as in dispatch.
_STORE = f"""
    SELECT s.store_id, s.name AS store_name, s.lat, s.lng, s.open, s.radius_m, s.jurisdiction,
           s.hours, r.timezone, r.settings, coalesce(p.p50_s, s.prep_minutes * 60) AS prep_s,
           {learnt.OFFSETS} AS offsets, {learnt.WAITING} AS waiting, {learnt.FREE} AS free, m.status AS merchant_status,
           (SELECT z.surge_bps
            FROM (SELECT *, power(lat - s.lat, 2) + power((lng - s.lng) * cosd(s.lat), 2) AS apart
                  FROM zones WHERE zones.region_id = s.region_id AND at > :fresh_after) AS z
            WHERE z.apart <= power(z.radius_m / 111195, 2)
            ORDER BY z.apart LIMIT 1) AS surge_bps,
           {PERMITS} AS permits
    FROM stores s JOIN merchants m USING (merchant_id) JOIN regions r USING (region_id)
        LEFT JOIN {learnt.PREPARATION}
    WHERE s.store_id = :store_id
"""

_PRODUCTS = """
    SELECT product_id, name, price_minor, currency, tax_bps, weight_g, restricted, authorization_reference, attested, stock
    FROM products WHERE store_id = :store_id AND active
"""

_STORE_PRICE = """
    INSERT INTO prices (price_id, customer_id, store_id, cart, expires_at)
    VALUES (:price_id, :customer_id, :store_id, :cart, :expires_at)
"""
