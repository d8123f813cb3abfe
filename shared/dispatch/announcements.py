"""Announcing offers: the driver's message and the expiry task of each, put in the outbox.

A tick's own transaction only says that its offers are yet to be announced, so that its lease is not held for two messages per
offer. They follow in the next transaction, in the same process; what a crash leaves between the two is found each minute.
"""

import json
from datetime import datetime

from shared.queueing.queues import OFFERS
from shared.storage import outbox
from shared.storage.work import Work
from shared.telemetry import trace

_MOMENT = "substr(CAST(:tick_id AS text), 5, 10)"
OF_TICK = f"o.offer_id > 'ofr_' || {_MOMENT} AND o.offer_id < 'ofr_' || {_MOMENT} || '~' AND o.tick_id = :tick_id"
"""Of an offer `o`: the tick made it. Both ids begin with the same millisecond, so the key of the offers finds them."""


def of_offer(work: Work, offer_id: str) -> None:
    """Announce one offer together with what else this transaction does."""
    _publish(work, work.run(_OF_OFFER, offer_id=offer_id, trace=json.dumps(trace.carried()))[0]["message_ids"])


def of_tick(work: Work, tick_id: str) -> None:
    """Announce the live offers of a committed tick, once, whoever comes first."""
    _publish(work, work.run(_OF_TICK, tick_id=tick_id, trace=json.dumps(trace.carried()))[0]["message_ids"])


def left_behind(work: Work, before: datetime) -> int:
    """Announce every tick made before a moment that nobody announced. Gives their number."""
    left = [row["tick_id"] for row in work.run(_LEFT_BEHIND, before=before)]
    work.checkpoint()
    for tick_id in left:
        of_tick(work, tick_id)
        work.checkpoint()
    return len(left)


def _publish(work: Work, message_ids: str | None) -> None:
    for message_id in message_ids.split(",") if message_ids else ():
        work.will_publish(message_id)


# Both messages take their ids from the offer's, and the task its name as `queueing.protocol.task_name("expire", offer_id)`.
_MESSAGES = f"""
    INSERT INTO outbox (message_id, topic, ordering_key, data, attributes, created_at)
    SELECT 'msg_' || substr(offer_id, 5), '{outbox.DRIVER_EVENTS}', driver_id,
           jsonb_build_object('driver_id', driver_id, 'region_id', region_id, 'type', 'offer', 'offer_id', offer_id,
               'task_id', task_id, 'order_id', order_id, 'expires_at', until, 'at', since),
           '{{"type": "offer"}}' || CAST(:trace AS jsonb), offered_at
    FROM timed
    UNION ALL
    SELECT 'msg_' || substr(offer_id, 5) || '_expiry', '{outbox.TASKS}', name, jsonb_build_object('offer_id', offer_id),
           jsonb_build_object('queue', '{OFFERS.name}', 'name', name, 'path', '{OFFERS.paths[0]}', 'at', until)
               || CAST(:trace AS jsonb),
           offered_at
    FROM (SELECT *, left(encode(sha256(convert_to(readable, 'UTF8')), 'hex'), 8) || '-' || readable AS name FROM timed) AS n
    RETURNING message_id
"""
_TIMED = """
    SELECT *, 'expire-' || translate(offer_id, '_', '-') AS readable,
           to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS until,
           to_char(offered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS since
"""
_OF_OFFER = f"""
    WITH timed AS ({_TIMED} FROM offers WHERE offer_id = :offer_id), told AS ({_MESSAGES})
    SELECT string_agg(message_id, ',') AS message_ids FROM told
"""
_OF_TICK = f"""
    WITH due AS (
        UPDATE ticks SET announced = true WHERE tick_id = :tick_id AND NOT announced RETURNING tick_id
    ), timed AS (
        {_TIMED} FROM offers o JOIN due USING (tick_id) WHERE {OF_TICK} AND o.status = 'offered'
    ), told AS ({_MESSAGES})
    SELECT string_agg(message_id, ',') AS message_ids FROM told
"""
_LEFT_BEHIND = "SELECT tick_id FROM ticks WHERE NOT announced AND at < :before ORDER BY tick_id"
