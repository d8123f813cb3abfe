"""From a cart to a price, and from a price to an order."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pg8000.native import DatabaseError

from shared.compliance import gates
from shared.compliance.policy import Policy, policy
from shared.dossier.chain import GENESIS, link
from shared.kernel.clock import rfc3339
from shared.kernel.errors import BadInput, Conflict, NotFound
from shared.kernel.money import Money
from shared.kernel.positions import Position
from shared.kernel.roles import Actor
from shared.merchants import hours
from shared.orders.pricing import Line, Price, price_cart
from shared.orders.rules import GateRefused
from shared.orders.service import Order, message_of
from shared.orders.states import Status
from shared.storage import outbox
from shared.storage.connection import UNIQUE_VIOLATION, Row, sqlstate
from shared.storage.work import Work

PRICE_VALID = timedelta(minutes=15)


class StoreClosed(Conflict):
    code, title = "store_closed", "The store is closed"


class NotServed(Conflict):
    code, title = "address_not_served", "The store does not deliver there"


class OutOfStock(Conflict):
    code, title = "out_of_stock", "Not enough is left"


class PriceExpired(Conflict):
    code, title = "price_expired", "The price is no longer valid"


class ExternalIdTaken(Conflict):
    code, title = "external_id_taken", "An order with this external_id exists"


@dataclass(frozen=True, slots=True)
class CartItem:
    product_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A price that was stored: redeemed once, until `expires_at`."""

    price_id: str
    expires_at: datetime
    price: Price
    certification_required: bool


def quote(
    work: Work,
    customer_id: str,
    store_id: str,
    items: list[CartItem],
    dropoff: Position,
    address_id: str | None,
    tip_minor: int,
) -> Quote:
    """Price a cart. Raises NotFound, BadInput, StoreClosed, NotServed, OutOfStock, GateRefused."""
    store = work.one(_STORE, store_id=store_id)
    if store is None:
        raise NotFound.of("store", store_id)
    now = work.now
    products = {row["product_id"]: row for row in work.run(_PRODUCTS, store_id=store_id)}
    lines = tuple(_line(products, position, item) for position, item in enumerate(items))
    origin = Position(store["lat"], store["lng"])
    _check_store(store, now, origin, dropoff)
    rules = policy(store["jurisdiction"], _local(store, now).date())
    _check_goods(rules, store, [products[item.product_id] for item in items])
    price = price_cart(
        lines, store=origin, dropoff=dropoff, prep_minutes=store["prep_minutes"], tip_minor=tip_minor, now=now
    )
    price_id, expires_at = work.new_id("prc"), now + PRICE_VALID
    cart = {"items": [asdict(item) for item in items], "dropoff": asdict(dropoff), "address_id": address_id} | _amounts(
        price
    )
    work.run(
        _STORE_PRICE,
        price_id=price_id,
        customer_id=customer_id,
        store_id=store_id,
        cart=json.dumps(cart),
        expires_at=expires_at,
    )
    certified = bool(rules.on("certification")) and price.restricted
    return Quote(price_id, expires_at, price, certified)


def place(
    work: Work,
    customer_id: str,
    price_id: str,
    *,
    external_id: str | None,
    certification_version: str | None,
    livemode: bool,
) -> Order:
    """Turn a price into an order: price redeemed, stock reserved, first dossier event and message, in one statement.

    Raises NotFound, PriceExpired, StoreClosed, OutOfStock, GateRefused, ExternalIdTaken.
    """
    facts = work.one(_FACTS, price_id=price_id, customer_id=customer_id)
    if facts is None:
        raise NotFound.of("price", price_id)
    now = work.now
    if facts["redeemed"] is not None:
        raise PriceExpired(f"This price was redeemed by order {facts['redeemed']}. Ask for a new one.")
    if facts["expires_at"] <= now:
        raise PriceExpired("The price was valid for 15 minutes. Ask for a new one with POST /v1/orders/price.")
    if not _takes_orders(facts, now):
        raise StoreClosed(f"{facts['store_name']} has closed since. Nothing was ordered.")
    rules = policy(facts["jurisdiction"], _local(facts, now).date())
    products = facts["products"] or []
    _check_goods(rules, facts, products)
    restricted = any(product["restricted"] for product in products)
    certified = gates.certification_gate(rules, restricted=restricted, certification_version=certification_version)
    if not certified.passed:
        raise GateRefused.by(certified)
    row = _new_order(work, facts, rules, restricted, customer_id, external_id, livemode)
    return _insert(work, row, facts["cart"]["items"], price_id, certification_version)


def restock(work: Work, order: Order) -> None:
    """Give reserved goods back to the shelf."""
    work.run(_RESTOCK, items=json.dumps(order.row["items"]), now=work.now)


def _text(value: date) -> str:
    return rfc3339(value) if isinstance(value, datetime) else value.isoformat()


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


def _local(store: Row, now: datetime) -> datetime:
    """The store's own wall clock: its hours and its permit's days are by it."""
    return now.astimezone(ZoneInfo(store["timezone"]))


def _takes_orders(store: Row, now: datetime) -> bool:
    return bool(store["open"]) and hours.open_at(store["hours"], _local(store, now))


def _check_store(store: Row, now: datetime, origin: Position, dropoff: Position) -> None:
    if not _takes_orders(store, now):
        raise StoreClosed(
            f"{store['store_name']} takes no orders now. GET /v1/stores?open_now=true lists those that do."
        )
    if origin.distance_m(dropoff) > store["radius_m"]:
        raise NotServed(f"{store['store_name']} delivers within {store['radius_m']} m of the store.")


def _check_goods(rules: Policy, store: Row, products: list[Any]) -> None:
    """Every gate of the sale: the merchant may sell, each product may be sold."""
    if store["merchant_status"] != "approved":
        raise StoreClosed(f"{store['store_name']} may not sell at present.")
    restricted = any(product["restricted"] for product in products)
    permitted = gates.merchant_gate(rules, restricted=restricted, permit_expires_on=store["permit_expires_on"])
    if not permitted.passed:
        raise GateRefused.by(permitted)
    for product in products:
        sellable = gates.product_gate(
            rules,
            restricted=product["restricted"],
            authorization_reference=product["authorization_reference"],
            attested=product["attested"],
        )
        if not sellable.passed:
            raise GateRefused.by(sellable)


def _amounts(price: Price) -> dict[str, Any]:
    return {
        "currency": price.total.currency,
        "subtotal_minor": price.subtotal.minor,
        "delivery_fee_minor": price.delivery_fee.minor,
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


def _new_order(
    work: Work, facts: Row, rules: Policy, restricted: bool, customer_id: str, external_id: str | None, livemode: bool
) -> Row:
    cart, now = facts["cart"], work.now
    status = Status.CREATED.value
    age_required = gates.checkout_age_required(rules, restricted=restricted)
    return {
        "order_id": work.new_id("ord"),
        "external_id": external_id,
        "livemode": livemode,
        "status": status,
        "version": 1,
        "region_id": facts["region_id"],
        "customer_id": customer_id,
        "merchant_id": facts["merchant_id"],
        "store_id": facts["store_id"],
        "store_name": facts["store_name"],
        "tracking_id": f"{int.from_bytes(work.entropy(8), 'big') % 100_000_000:08d}",
        "restricted": restricted,
        "jurisdiction": facts["jurisdiction"],
        "policy_version": rules.version,
        "policy_on": rules.day,
        "items": cart["lines"],
        **{name: cart[name] for name in _MONEY},
        "pickup_lat": facts["lat"],
        "pickup_lng": facts["lng"],
        "dropoff_lat": cart["dropoff"]["lat"],
        "dropoff_lng": cart["dropoff"]["lng"],
        "address_id": cart["address_id"],
        "prep_minutes": facts["prep_minutes"],
        "promised_from": datetime.fromisoformat(cart["promised_from"]),
        "promised_until": datetime.fromisoformat(cart["promised_until"]),
        "ready_expected_at": None,
        "ready_at": None,
        "delivered_at": None,
        "age_status": "required" if age_required else "not_required",
        "payment_status": "none",
        "authorized_minor": 0,
        "captured_minor": 0,
        "doorstep_passed": False,
        "task_id": None,
        "driver_id": None,
        "ended_reason": None,
        "stuck_reason": None,
        "timeline": [{"status": status, "at": rfc3339(now)}],
        "created_at": now,
        "updated_at": now,
    }


def _insert(work: Work, row: Row, items: list[Any], price_id: str, certification_version: str | None) -> Order:
    data = {
        "status": row["status"],
        "total_minor": row["total_minor"],
        "currency": row["currency"],
        "restricted": row["restricted"],
        "policy_version": row["policy_version"],
        "certification_version": certification_version,
        "store_id": row["store_id"],
    }
    actor = Actor("customer", row["customer_id"])
    event = link(row["order_id"], 1, "order_created", rfc3339(row["created_at"]), asdict(actor), data, GENESIS)
    row |= {"dossier_length": 1, "dossier_head": event.hash}
    message = outbox.message(
        work, outbox.ORDER_EVENTS, row["order_id"], message_of(row, event.type, 1), {"type": event.type}
    )
    try:
        placed = work.run(
            _PLACE,
            order_id=row["order_id"],
            row=json.dumps(row, default=_text),
            items=json.dumps(items),
            price_id=price_id,
            event=json.dumps(asdict(event)),
            messages=json.dumps([message]),
            now=row["created_at"],
        )[0]
    except DatabaseError as error:
        if sqlstate(error) == UNIQUE_VIOLATION and "order_external_ids" in str(error):
            raise ExternalIdTaken(f"You have an order with external_id {row['external_id']}. Use another.") from None
        raise
    if placed["reserved"] < len(items):
        raise OutOfStock("Someone else took the last of it. Ask for a new price with what is left.")
    return Order(row)


_MONEY = ("currency", "subtotal_minor", "delivery_fee_minor", "tax_minor", "tip_minor", "total_minor")

_STORE = """
    SELECT s.store_id, s.name AS store_name, s.lat, s.lng, s.open, s.prep_minutes, s.radius_m, s.jurisdiction,
           s.hours, r.timezone, m.status AS merchant_status,
           (SELECT max(expires_on) FROM permits p WHERE p.merchant_id = s.merchant_id AND p.kind = 'e_cigarette_retail'
                AND (p.store_id IS NULL OR p.store_id = s.store_id)) AS permit_expires_on
    FROM stores s JOIN merchants m USING (merchant_id) JOIN regions r USING (region_id) WHERE s.store_id = :store_id
"""

_PRODUCTS = """
    SELECT product_id, name, price_minor, currency, tax_bps, weight_g, restricted, authorization_reference, attested, stock
    FROM products WHERE store_id = :store_id AND active
"""

_STORE_PRICE = """
    INSERT INTO prices (price_id, customer_id, store_id, cart, expires_at)
    VALUES (:price_id, :customer_id, :store_id, :cart, :expires_at)
"""

_FACTS = """
    SELECT p.cart, p.expires_at, p.order_id AS redeemed, s.store_id, s.merchant_id, s.region_id, s.name AS store_name,
           s.lat, s.lng, s.open, s.hours, r.timezone, s.prep_minutes, s.jurisdiction, m.status AS merchant_status,
           (SELECT max(expires_on) FROM permits WHERE permits.merchant_id = s.merchant_id
                AND kind = 'e_cigarette_retail' AND (permits.store_id IS NULL OR permits.store_id = s.store_id)
           ) AS permit_expires_on,
           (SELECT jsonb_agg(jsonb_build_object('restricted', g.restricted, 'attested', g.attested,
                'authorization_reference', g.authorization_reference))
            FROM products g WHERE g.active AND g.product_id IN (
                SELECT item ->> 'product_id' FROM jsonb_array_elements(p.cart -> 'items') AS item)) AS products
    FROM prices p JOIN stores s USING (store_id) JOIN merchants m USING (merchant_id)
        JOIN regions r USING (region_id)
    WHERE p.price_id = :price_id AND p.customer_id = :customer_id
    FOR UPDATE OF p
"""

_PLACE = f"""
    WITH redeemed AS (
        UPDATE prices SET order_id = :order_id WHERE price_id = :price_id
    ), reserved AS (
        UPDATE products g SET stock = g.stock - item.quantity, updated_at = :now
        FROM jsonb_to_recordset(CAST(:items AS jsonb)) AS item(product_id text, quantity integer)
        WHERE g.product_id = item.product_id AND g.stock >= item.quantity AND g.active
        RETURNING g.product_id
    ), placed AS (
        INSERT INTO orders SELECT (jsonb_populate_record(NULL::orders, CAST(:row AS jsonb))).*
    ), named AS (
        INSERT INTO order_external_ids (customer_id, external_id, order_id)
        SELECT o.customer_id, o.external_id, o.order_id FROM jsonb_populate_record(NULL::orders, CAST(:row AS jsonb)) AS o
        WHERE o.external_id IS NOT NULL
    ), appended AS (
        INSERT INTO dossier_events (order_id, seq, type, at, actor, data, prev_hash, hash)
        SELECT e.order_id, e.seq, e.type, e.at, e.actor, e.data, e.prev_hash, e.hash
        FROM jsonb_to_record(CAST(:event AS jsonb)) AS e(order_id text, seq integer, type text, at text, actor jsonb,
            data jsonb, prev_hash text, hash text)
    ), queued AS (
        INSERT INTO outbox (message_id, topic, ordering_key, data, attributes, created_at) {outbox.ROWS}
    )
    SELECT count(*) AS reserved FROM reserved
"""

_RESTOCK = """
    UPDATE products g SET stock = g.stock + item.quantity, updated_at = :now
    FROM jsonb_to_recordset(CAST(:items AS jsonb)) AS item(product_id text, quantity integer)
    WHERE g.product_id = item.product_id
"""
