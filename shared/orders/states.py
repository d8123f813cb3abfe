"""The order's state machine: one table. `cloudrun states` prints it into docs/states.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.roles import Role


class Status(StrEnum):
    CREATED = "created"
    AGE_PENDING = "age_pending"
    AGE_VERIFIED = "age_verified"
    AGE_FAILED = "age_failed"
    PAYMENT_AUTHORIZED = "payment_authorized"
    PAYMENT_DECLINED = "payment_declined"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    DISPATCHED = "dispatched"
    PICKED_UP = "picked_up"
    ARRIVED = "arrived"
    DOORSTEP_PASSED = "doorstep_passed"
    DELIVERED = "delivered"
    MERCHANT_REJECTED = "merchant_rejected"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    RETURNED = "returned"


class Step(StrEnum):
    """What may be asked of an order."""

    REQUEST_AGE_CHECK = "request_age_check"
    PASS_AGE_CHECK = "pass_age_check"
    FAIL_AGE_CHECK = "fail_age_check"
    REOPEN_AGE_CHECK = "reopen_age_check"
    AUTHORIZE_PAYMENT = "authorize_payment"
    DECLINE_PAYMENT = "decline_payment"
    ACCEPT = "accept"
    REJECT = "reject"
    PREPARE = "preparing"
    MARK_READY = "ready"
    ASSIGN_DRIVER = "assign_driver"
    RELEASE_DRIVER = "release_driver"
    RELEASE_DRIVER_EARLY = "release_driver_early"
    PICK_UP = "pick_up"
    ARRIVE = "arrive"
    PASS_DOORSTEP = "pass_doorstep"
    FAIL_DOORSTEP = "fail_doorstep"
    DELIVER = "deliver"
    REFUSE = "refuse"
    CONFIRM_RETURN = "confirm_return"
    CANCEL = "cancel"
    STOP = "stop"


TERMINAL = frozenset({Status.AGE_FAILED, Status.DELIVERED, Status.MERCHANT_REJECTED, Status.CANCELLED, Status.RETURNED})


@dataclass(frozen=True, slots=True)
class Transition:
    """`step` leads from any of `sources` to `target`; `roles` may ask for it; `event` is what the dossier then says."""

    step: Step
    sources: tuple[Status, ...]
    target: Status
    roles: frozenset[Role]
    event: str


_CUSTOMER, _MERCHANT, _DRIVER = (
    frozenset({Role.CUSTOMER}),
    frozenset({Role.MERCHANT, Role.ADMIN}),
    frozenset({Role.DRIVER}),
)
_PLATFORM = frozenset({Role.INTERNAL})
_BEFORE_PICKUP = (
    Status.CREATED, Status.AGE_PENDING, Status.AGE_VERIFIED, Status.PAYMENT_AUTHORIZED, Status.PAYMENT_DECLINED,
    Status.ACCEPTED, Status.PREPARING, Status.READY, Status.DISPATCHED,
)  # fmt: skip
_PAYABLE = (Status.CREATED, Status.AGE_VERIFIED, Status.PAYMENT_DECLINED)

TRANSITIONS: tuple[Transition, ...] = (
    Transition(Step.REQUEST_AGE_CHECK, (Status.CREATED,), Status.AGE_PENDING, _CUSTOMER, "age_check_requested"),
    Transition(Step.PASS_AGE_CHECK, (Status.AGE_PENDING,), Status.AGE_VERIFIED, _PLATFORM, "age_check_passed"),
    Transition(Step.FAIL_AGE_CHECK, (Status.AGE_PENDING,), Status.AGE_FAILED, _PLATFORM, "age_check_failed"),
    Transition(Step.REOPEN_AGE_CHECK, (Status.AGE_PENDING,), Status.CREATED, _PLATFORM, "age_check_inconclusive"),
    Transition(Step.AUTHORIZE_PAYMENT, _PAYABLE, Status.PAYMENT_AUTHORIZED, _CUSTOMER, "payment_authorized"),
    Transition(Step.DECLINE_PAYMENT, _PAYABLE, Status.PAYMENT_DECLINED, _PLATFORM, "payment_declined"),
    Transition(Step.ACCEPT, (Status.PAYMENT_AUTHORIZED,), Status.ACCEPTED, _MERCHANT, "order_accepted"),
    Transition(Step.REJECT, (Status.PAYMENT_AUTHORIZED,), Status.MERCHANT_REJECTED, _MERCHANT, "order_rejected"),
    Transition(Step.PREPARE, (Status.ACCEPTED,), Status.PREPARING, _MERCHANT, "preparation_started"),
    Transition(Step.PREPARE, (Status.DISPATCHED,), Status.DISPATCHED, _MERCHANT, "preparation_started"),
    Transition(Step.MARK_READY, (Status.ACCEPTED, Status.PREPARING), Status.READY, _MERCHANT, "goods_ready"),
    Transition(Step.MARK_READY, (Status.DISPATCHED,), Status.DISPATCHED, _MERCHANT, "goods_ready"),
    Transition(
        Step.ASSIGN_DRIVER, (Status.ACCEPTED, Status.PREPARING, Status.READY), Status.DISPATCHED, _DRIVER, "driver_assigned"
    ),
    Transition(Step.RELEASE_DRIVER, (Status.DISPATCHED,), Status.READY, frozenset({Role.ADMIN}), "driver_released"),
    Transition(
        Step.RELEASE_DRIVER_EARLY, (Status.DISPATCHED,), Status.PREPARING, frozenset({Role.ADMIN}), "driver_released"
    ),
    Transition(Step.PICK_UP, (Status.DISPATCHED,), Status.PICKED_UP, _DRIVER, "goods_picked_up"),
    Transition(Step.ARRIVE, (Status.PICKED_UP,), Status.ARRIVED, _DRIVER, "driver_arrived"),
    Transition(Step.PASS_DOORSTEP, (Status.ARRIVED,), Status.DOORSTEP_PASSED, _DRIVER, "doorstep_check_passed"),
    Transition(Step.FAIL_DOORSTEP, (Status.ARRIVED,), Status.ARRIVED, _DRIVER, "doorstep_check_failed"),
    Transition(Step.DELIVER, (Status.DOORSTEP_PASSED, Status.ARRIVED), Status.DELIVERED, _DRIVER, "delivered"),
    Transition(
        Step.REFUSE, (Status.PICKED_UP, Status.ARRIVED, Status.DOORSTEP_PASSED), Status.REFUSED,
        frozenset({Role.DRIVER, Role.SUPPORT, Role.ADMIN}), "delivery_refused",
    ),
    Transition(Step.CONFIRM_RETURN, (Status.REFUSED,), Status.RETURNED, _MERCHANT, "goods_returned"),
    Transition(
        Step.CANCEL, _BEFORE_PICKUP, Status.CANCELLED,
        frozenset({Role.CUSTOMER, Role.MERCHANT, Role.SUPPORT, Role.ADMIN}), "order_cancelled",
    ),
    Transition(Step.STOP, _BEFORE_PICKUP, Status.CANCELLED, _PLATFORM, "order_stopped"),
)  # fmt: skip

_BY_STEP_AND_SOURCE = {(t.step, source): t for t in TRANSITIONS for source in t.sources}


def transition(step: Step, status: Status) -> Transition | None:
    return _BY_STEP_AND_SOURCE.get((step, status))


def steps_from(status: Status, roles: Iterable[Role] | None = None) -> list[Step]:
    """What is possible from a status, for any of `roles` (all when not given), in the table's order."""
    wanted = None if roles is None else frozenset(roles)
    return [t.step for t in TRANSITIONS if status in t.sources and (wanted is None or wanted & t.roles)]
