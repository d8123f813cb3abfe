"""The figures of the last 24 hours of a region."""

from datetime import datetime, timedelta

from shared.kernel.wire import View
from shared.operations.state import OVER
from shared.storage.connection import Row
from shared.storage.work import Work

WINDOW = timedelta(hours=24)
BUCKET = timedelta(minutes=5)
BUCKETS = 24


class OrderFigures(View):
    placed: int
    open: int
    delivered: int
    refused: int
    returned: int
    cancelled: int
    stuck: int
    by_status: dict[str, int]


class DriverFigures(View):
    online: int
    idle: int
    busy: int


class DurationFigures(View):
    """Seconds from the order to the door; None before the first delivery."""

    mean_s: float | None
    p50_s: float | None
    p90_s: float | None


class OfferFigures(View):
    sent: int
    accepted: int
    rejected: int
    expired: int
    per_delivery: float | None


class MoneyFigures(View):
    currency: str
    captured_minor: int
    authorized_minor: int
    voided_minor: int


class DispatchFigures(View):
    ticks_last_minute: int
    last_tick_at: datetime | None
    open_jobs: int
    solve_ms_p50: float | None


class DossierFigures(View):
    events: int
    orders: int


class BucketFigures(View):
    """`from` is the beginning of five minutes."""

    start: datetime
    placed: int
    delivered: int


class DashboardView(View):
    region_id: str
    now: datetime
    orders: OrderFigures
    drivers: DriverFigures
    click_to_door: DurationFigures
    offers: OfferFigures
    money: MoneyFigures
    dispatch: DispatchFigures
    dossiers: DossierFigures
    orders_per_bucket: list[BucketFigures]


def dashboard(work: Work, region_id: str) -> DashboardView:
    now = work.now
    since = now - WINDOW
    figures = work.run(_FIGURES, region_id=region_id, since=since, now=now, minute_ago=now - timedelta(minutes=1))[0]
    by_status = {row["status"]: row["orders"] for row in work.run(_BY_STATUS, region_id=region_id, since=since)}
    buckets = work.run(
        _BUCKETS, region_id=region_id, start=_bucket_start(now), step=BUCKET.total_seconds(), count=BUCKETS
    )
    return DashboardView(
        region_id=region_id,
        now=now,
        orders=_orders(by_status, figures),
        drivers=DriverFigures(online=figures["online"], busy=figures["busy"], idle=figures["online"] - figures["busy"]),
        click_to_door=DurationFigures(mean_s=figures["mean_s"], p50_s=figures["p50_s"], p90_s=figures["p90_s"]),
        offers=_offers(figures, by_status.get("delivered", 0)),
        money=MoneyFigures(
            currency="USD",
            captured_minor=figures["captured_minor"],
            authorized_minor=figures["authorized_minor"],
            voided_minor=figures["voided_minor"],
        ),
        dispatch=DispatchFigures(
            ticks_last_minute=figures["ticks"],
            last_tick_at=figures["last_tick_at"],
            open_jobs=figures["open_jobs"],
            solve_ms_p50=figures["solve_ms_p50"],
        ),
        dossiers=DossierFigures(events=figures["events"], orders=sum(by_status.values())),
        orders_per_bucket=[
            BucketFigures(start=row["start"], placed=row["placed"], delivered=row["delivered"]) for row in buckets
        ],
    )


def _orders(by_status: dict[str, int], figures: Row) -> OrderFigures:
    return OrderFigures(
        placed=sum(by_status.values()),
        open=sum(count for status, count in by_status.items() if status not in OVER),
        delivered=by_status.get("delivered", 0),
        refused=by_status.get("refused", 0) + by_status.get("returned", 0),
        returned=by_status.get("returned", 0),
        cancelled=by_status.get("cancelled", 0),
        stuck=figures["stuck"],
        by_status=by_status,
    )


def _offers(figures: Row, delivered: int) -> OfferFigures:
    return OfferFigures(
        sent=figures["sent"],
        accepted=figures["accepted"],
        rejected=figures["rejected"],
        expired=figures["expired"],
        per_delivery=figures["sent"] / delivered if delivered else None,
    )


def _bucket_start(now: datetime) -> datetime:
    seconds = BUCKET.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, now.tzinfo) - BUCKET * (BUCKETS - 1)


_BY_STATUS = """
    SELECT status, count(*) AS orders FROM orders
    WHERE region_id = :region_id AND created_at >= :since GROUP BY status
"""

_FIGURES = """
    WITH recent AS (
        SELECT *, extract(epoch FROM delivered_at - created_at) AS took_s FROM orders
        WHERE region_id = :region_id AND created_at >= :since
    ), figures AS (
        SELECT CAST(avg(took_s) AS float8) AS mean_s,
               CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY took_s) AS float8) AS p50_s,
               CAST(percentile_cont(0.9) WITHIN GROUP (ORDER BY took_s) AS float8) AS p90_s,
               CAST(coalesce(sum(captured_minor), 0) AS bigint) AS captured_minor,
               CAST(coalesce(sum(authorized_minor) FILTER (WHERE payment_status IN ('authorized', 'capturing', 'voiding')), 0)
                   AS bigint) AS authorized_minor,
               CAST(coalesce(sum(authorized_minor) FILTER (WHERE payment_status = 'voided'), 0) AS bigint) AS voided_minor,
               CAST(coalesce(sum(dossier_length), 0) AS bigint) AS events,
               count(*) FILTER (WHERE stuck_reason IS NOT NULL) AS stuck
        FROM recent
    ), answers AS (
        SELECT count(*) AS sent, count(*) FILTER (WHERE status = 'accepted') AS accepted,
               count(*) FILTER (WHERE status = 'rejected') AS rejected,
               count(*) FILTER (WHERE status = 'expired') AS expired
        FROM offers WHERE region_id = :region_id AND offered_at >= :since
    ), fleet AS (
        SELECT count(*) AS online,
               count(*) FILTER (WHERE EXISTS (SELECT FROM trips t WHERE t.driver_id = d.driver_id
                   AND t.status = 'active')) AS busy
        FROM drivers d WHERE region_id = :region_id AND online
    ), loop AS (
        SELECT count(*) FILTER (WHERE at >= :minute_ago) AS ticks, max(at) AS last_tick_at,
               CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY solve_ms) AS float8) AS solve_ms_p50
        FROM ticks WHERE region_id = :region_id AND at >= :since
    )
    SELECT figures.*, answers.*, fleet.*, loop.*,
           (SELECT count(*) FROM tasks WHERE region_id = :region_id AND status = 'open' AND open_from <= :now) AS open_jobs
    FROM figures, answers, fleet, loop
"""

_BUCKETS = """
    SELECT b.start,
           (SELECT count(*) FROM orders o WHERE o.region_id = :region_id AND o.created_at >= b.start
                AND o.created_at < b.start + make_interval(secs => CAST(:step AS float8))) AS placed,
           (SELECT count(*) FROM orders o WHERE o.region_id = :region_id AND o.delivered_at >= b.start
                AND o.delivered_at < b.start + make_interval(secs => CAST(:step AS float8))) AS delivered
    FROM (SELECT CAST(:start AS timestamptz) + make_interval(secs => CAST(:step AS float8) * n) AS start
          FROM generate_series(0, CAST(:count AS integer) - 1) AS n) AS b
    ORDER BY b.start
"""
