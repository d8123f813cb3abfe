"""From a price to an order: redeemed, reserved, written down and told in one statement."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from pg8000.native import DatabaseError

from shared.compliance import gates
from shared.compliance.facts import CartFacts, CertificationFacts
from shared.compliance.gates import GateDecision
from shared.compliance.policy import Policy, policy
from shared.credentials.holdings import PERMITS
from shared.dossier.chain import GENESIS, link
from shared.kernel.clock import rfc3339
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.roles import Actor
from shared.orders import learnt
from shared.orders.rules import GateRefused
from shared.orders.sale import OutOfStock, check_goods, check_open, goods, local
from shared.orders.service import Order, message_of
from shared.orders.states import Status
from shared.storage import outbox
from shared.storage.connection import UNIQUE_VIOLATION, Row, sqlstate
from shared.storage.work import Work


class PriceExpired(Conflict):
    code, title = "price_expired", "The price is no longer valid"


class ExternalIdTaken(Conflict):
    code, title = "external_id_taken", "An order with this external_id exists"


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
    now = work.now
    facts = work.one(_FACTS, price_id=price_id, customer_id=customer_id, now=now)
    if facts is None:
        raise NotFound.of("price", price_id)
    if facts["redeemed"] is not None:
        raise PriceExpired(f"This price was redeemed by order {facts['redeemed']}. Ask for a new one.")
    if facts["expires_at"] <= now:
        raise PriceExpired("The price was valid for 15 minutes. Ask for a new one with POST /v1/orders/price.")
    check_open(facts, now)
    rules = policy(facts["jurisdiction"], local(facts, now).date())
    wanted = CartFacts(tuple(goods(product, product["quantity"]) for product in facts["products"] or ()))
    answers = check_goods(rules, facts, wanted, now, address_known=facts["address_known"])
    restricted = any(line.restricted for line in wanted.goods)
    if restricted:
        certified = gates.certification_gate(rules, CertificationFacts(certification_version))
        if not certified.passed:
            raise GateRefused.by(certified)
        answers = (*answers, certified)
    row = _new_order(work, facts, rules, restricted, customer_id, external_id, livemode)
    return _insert(work, row, facts["cart"]["items"], price_id, _certification(rules, restricted), answers)


def restock(work: Work, order: Order) -> None:
    """Give reserved goods back to the shelf."""
    work.run(_RESTOCK, items=json.dumps(order.row["items"]), now=work.now)


def _text(value: date) -> str:
    return rfc3339(value) if isinstance(value, datetime) else value.isoformat()


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
        "eta_pressure": cart["eta"]["pressure"],
        "eta_at": now + timedelta(seconds=cart["eta"]["likely_s"]),
        "pickup_eta_at": None,
        "age_status": "required" if age_required else "not_required",
        "payment_status": "none",
        "authorized_minor": 0,
        "captured_minor": 0,
        "refunded_minor": 0,
        "doorstep_passed": False,
        "doorstep_method": None,
        "doorstep_grade": None,
        "task_id": None,
        "driver_id": None,
        "ended_reason": None,
        "stuck_reason": None,
        "timeline": [{"status": status, "at": rfc3339(now)}],
        "created_at": now,
        "updated_at": now,
    }


def _certification(rules: Policy, restricted: bool) -> dict[str, str]:
    """The statement that was certified, as evidence; empty when none had to be."""
    statement = rules.statement if restricted else None
    return {"version": statement.version, "sha256": statement.sha256} if statement else {}


def _insert(
    work: Work,
    row: Row,
    items: list[Any],
    price_id: str,
    certification: dict[str, str],
    answers: tuple[GateDecision, ...],
) -> Order:
    data = {
        "status": row["status"],
        "total_minor": row["total_minor"],
        "currency": row["currency"],
        "restricted": row["restricted"],
        "policy_version": row["policy_version"],
        "certification": certification,
        "gates": [answer.told() for answer in answers],
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


_MONEY = (
    "currency", "subtotal_minor", "delivery_fee_minor", "surge_bps", "surge_fee_minor", "driver_surge_minor", "tax_minor",
    "tip_minor", "total_minor",
)  # fmt: skip

_FACTS = f"""
    SELECT c.cart, c.expires_at, c.order_id AS redeemed, s.store_id, s.merchant_id, s.region_id, s.name AS store_name,
           s.lat, s.lng, s.open, s.hours, r.timezone, s.jurisdiction, m.status AS merchant_status,
           coalesce(CAST(least(ceil(p.p50_s / 60), 240) AS integer), s.prep_minutes) AS prep_minutes,
           {PERMITS} AS permits,
           EXISTS (SELECT FROM addresses a WHERE a.customer_id = c.customer_id AND a.address_id = c.cart ->> 'address_id')
               AS address_known,
           (SELECT jsonb_agg(jsonb_build_object('product_id', g.product_id, 'quantity', item.quantity,
                'restricted', g.restricted, 'attested', g.attested, 'weight_g', g.weight_g,
                'authorization_reference', g.authorization_reference) ORDER BY g.product_id)
            FROM jsonb_to_recordset(c.cart -> 'items') AS item(product_id text, quantity integer)
            JOIN products g ON g.active AND g.product_id = item.product_id) AS products
    FROM prices c JOIN stores s USING (store_id) JOIN merchants m USING (merchant_id)
        JOIN regions r USING (region_id) LEFT JOIN {learnt.PREPARATION}
    WHERE c.price_id = :price_id AND c.customer_id = :customer_id
    FOR UPDATE OF c
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
