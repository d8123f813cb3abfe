"""An order as callers see it."""

from datetime import datetime
from typing import Any

from shared.kernel.roles import Caller
from shared.kernel.wire import PositionModel, View
from shared.orders.rules import allowed_actions
from shared.orders.service import Order


class OrderItemView(View):
    product_id: str
    name: str
    quantity: int
    unit_price_minor: int
    restricted: bool


class OrderMoneyView(View):
    """`surge_fee_minor` is the part of `delivery_fee_minor` that the multiplier added; `surge_bps` 10,000 is none."""

    currency: str
    subtotal_minor: int
    delivery_fee_minor: int
    surge_bps: int
    surge_fee_minor: int
    tax_minor: int
    tip_minor: int
    total_minor: int


class OrderPaymentView(View):
    status: str
    authorized_minor: int
    captured_minor: int
    refunded_minor: int


class OrderAgeCheckView(View):
    status: str


class OrderLabelView(View):
    """What must stand on the parcel, to be confirmed when the goods are ready."""

    version: str
    text: str


class OrderDoorstepView(View):
    """How the recipient's ID was checked. `grade`: `issuer_signed` is stronger than `parsed`, that than `attested`."""

    passed: bool
    method: str | None
    grade: str | None


class TimelineEntryView(View):
    status: str
    at: str


class OrderView(View):
    id: str
    external_id: str | None
    livemode: bool
    status: str
    version: int
    region_id: str
    merchant_id: str
    store_id: str
    store_name: str
    customer_id: str
    tracking_id: str
    driver_id: str | None
    task_id: str | None
    restricted: bool
    policy_version: str
    items: list[OrderItemView]
    money: OrderMoneyView
    payment: OrderPaymentView
    age_check: OrderAgeCheckView
    label: OrderLabelView | None
    doorstep: OrderDoorstepView
    pickup: PositionModel
    dropoff: PositionModel
    promised_from: datetime
    promised_until: datetime
    ready_expected_at: datetime | None
    ready_at: datetime | None
    delivered_at: datetime | None
    ended_reason: str | None
    stuck_reason: str | None
    timeline: list[TimelineEntryView]
    allowed_actions: list[str]
    created_at: datetime
    updated_at: datetime


def order(found: Order, caller: Caller | None) -> OrderView:
    """What `caller` sees; `allowed_actions` are those of its role."""
    row = found.row
    plain = {name: row[name] for name in _PLAIN}
    return OrderView(
        id=found.id,
        items=[OrderItemView(**item) for item in row["items"]],
        money=OrderMoneyView(**{name: row[name] for name in OrderMoneyView.model_fields}),
        payment=OrderPaymentView(**_payment(row)),
        age_check=OrderAgeCheckView(status=row["age_status"]),
        label=_label(found),
        doorstep=OrderDoorstepView(
            passed=row["doorstep_passed"], method=row["doorstep_method"], grade=row["doorstep_grade"]
        ),
        pickup=PositionModel(lat=row["pickup_lat"], lng=row["pickup_lng"]),
        dropoff=PositionModel(lat=row["dropoff_lat"], lng=row["dropoff_lng"]),
        timeline=[TimelineEntryView(**entry) for entry in row["timeline"]],
        allowed_actions=allowed_actions(found.facts, caller.role if caller else None),
        **plain,
    )


_SPECIAL = {
    "id",
    "items",
    "money",
    "payment",
    "age_check",
    "label",
    "doorstep",
    "pickup",
    "dropoff",
    "timeline",
    "allowed_actions",
}
_PLAIN = tuple(name for name in OrderView.model_fields if name not in _SPECIAL)


def _label(found: Order) -> OrderLabelView | None:
    label = found.policy.label if found.row["restricted"] else None
    return OrderLabelView(version=label.version, text=label.text) if label else None


def _payment(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": row["payment_status"],
        "authorized_minor": row["authorized_minor"],
        "captured_minor": row["captured_minor"],
        "refunded_minor": row["refunded_minor"],
    }
