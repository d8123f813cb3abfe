"""Whether restricted goods may still change hands: asked again at the store's counter and at the door, and swept for between.

Permits and documents are those of the day, the rules are those of the day on which the order was placed.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.compliance.facts import DriverFacts, HandoffFacts, MerchantFacts
from shared.compliance.gates import GateDecision, driver_gate, handoff_gate, merchant_gate
from shared.compliance.policy import policy
from shared.credentials.holdings import DOCUMENTS, PERMITS, held
from shared.kernel.roles import Actor
from shared.orders import rules
from shared.orders import service as orders
from shared.orders.rules import GateRefused
from shared.orders.service import Order
from shared.orders.states import Status, Step, transition
from shared.storage.work import Work

BATCH = 50


def at_pickup(work: Work, order: Order, driver_id: str) -> tuple[GateDecision, ...]:
    """Whether the store may still sell, and this driver may carry; nothing is asked of ordinary goods."""
    if not order.facts.restricted:
        return ()
    row = work.run(_HELD, store_id=order.row["store_id"], driver_id=driver_id, now=work.now)[0]
    return (
        merchant_gate(order.policy, MerchantFacts(row["today"], held(row["permits"]))),
        driver_gate(order.policy, DriverFacts(row["today"], held(row["documents"]))),
    )


def at_handoff(work: Work, order: Order, *, left_at_door: bool) -> tuple[GateDecision, ...]:
    """Whether this driver may hand over, in this way."""
    if not order.facts.restricted:
        return ()
    row = work.run(_HELD, store_id=order.row["store_id"], driver_id=order.row["driver_id"], now=work.now)[0]
    return (
        handoff_gate(order.policy, HandoffFacts(left_at_door)),
        driver_gate(order.policy, DriverFacts(row["today"], held(row["documents"]))),
    )


def stopped(work: Work) -> Iterator[tuple[Order, GateDecision]]:
    """Orders with restricted goods that have not left a store which may not sell them any longer, locked; each with why."""
    for store in work.run(_STORES_WITH_WORK, now=work.now):
        law = policy(store["jurisdiction"], store["policy_on"])
        decision = merchant_gate(law, MerchantFacts(store["today"], held(store["permits"])))
        if not decision.passed:
            named = {name: store[name] for name in ("region_id", "store_id", "jurisdiction", "policy_on")}
            for row in work.run(_WAITING, **named, limit=BATCH):
                yield Order(row), decision


@contextmanager
def refusals_recorded(work: Work, order_id: str, actor: Actor) -> Iterator[None]:
    """What a gate refuses inside leaves nothing but its answer in the dossier. Raises what was raised."""
    try:
        yield
    except GateRefused as refusal:
        work.rollback()
        order = orders.load(work, order_id)
        told = {"gates": [refusal.decision.told()]}
        orders.apply(work, order, rules.note(order.facts, "gate_refused", told), actor)
        work.checkpoint()
        raise


_TODAY = "CAST(CAST(:now AS timestamptz) AT TIME ZONE r.timezone AS date) AS today"
_HELD = f"""
    SELECT {_TODAY}, {PERMITS} AS permits, {DOCUMENTS} AS documents
    FROM stores s JOIN regions r USING (region_id) WHERE s.store_id = :store_id
"""

_BEFORE_PICKUP = ", ".join(f"'{status}'" for status in Status if transition(Step.STOP, status))
_STORES_WITH_WORK = f"""
    SELECT s.store_id, s.region_id, w.jurisdiction, w.policy_on, {_TODAY}, {PERMITS} AS permits
    FROM regions r
        JOIN LATERAL (
            SELECT DISTINCT o.store_id, o.jurisdiction, o.policy_on FROM orders o
            WHERE o.region_id = r.region_id AND o.status IN ({_BEFORE_PICKUP}) AND o.restricted
        ) AS w ON true
        JOIN stores s ON s.store_id = w.store_id
"""
_WAITING = f"""
    SELECT * FROM orders o
    WHERE o.region_id = :region_id AND o.status IN ({_BEFORE_PICKUP}) AND o.restricted
      AND o.store_id = :store_id AND o.jurisdiction = :jurisdiction AND o.policy_on = :policy_on
    ORDER BY order_id LIMIT :limit FOR UPDATE SKIP LOCKED
"""
