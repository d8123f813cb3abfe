"""Time series of a region: orders, drivers and dispatch, by the hour or the day of its own clock."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from shared.kernel.errors import NotFound
from shared.kernel.ids import first_id
from shared.kernel.wire import Query, View
from shared.storage.connection import Row
from shared.storage.work import Work

T = TypeVar("T", bound=View)

DEFAULT_DAYS = 7
LONGEST_DAYS = {"day": 92, "hour": 7}

_IDS = ("ord", "ofr", "tck", "tsk")
"""Rows are found by their ids, which sort by time: no index is needed beside the primary key, and partitions are left out."""


class AnalyticsQuery(Query):
    """Days are the region's own; `until` is the last one, today when left out. At most 92 days, or 7 by the hour."""

    region_id: str = Field(min_length=1, max_length=64)
    since: date | None = None
    until: date | None = None
    bucket: Literal["day", "hour"] = "day"

    @model_validator(mode="after")
    def a_range_that_can_be_read(self) -> "AnalyticsQuery":
        if self.since and self.until:
            days = (self.until - self.since).days + 1
            if days < 1:
                raise ValueError("until must not be before since")
            if days > LONGEST_DAYS[self.bucket]:
                raise ValueError(f"ask for at most {LONGEST_DAYS[self.bucket]} days by the {self.bucket}")
        return self


class Span(View):
    """What a series covers: `since` belongs to it, `until` does not."""

    region_id: str
    timezone: str
    bucket: Literal["day", "hour"]
    since: datetime
    until: datetime


class OrderBucketView(View):
    """Orders placed from `start` on, and what became of them. Times are seconds; None before the first delivery."""

    start: datetime
    placed: int
    delivered: int
    cancelled: int
    refused: int
    captured_minor: int
    click_to_door_p50_s: float | None
    click_to_door_p90_s: float | None
    late: int


class DriverBucketView(View):
    """Work of drivers by the time it was given out. `active` drivers were offered something; `deliveries` are those that are
    done by now, and `earned_minor` what they brought."""

    start: datetime
    active: int
    offers: int
    accepted: int
    deliveries: int
    earned_minor: int


class DispatchBucketView(View):
    """`close_at_order` and `close_at_pickup` are the shares of arrivals within three minutes of what was foretold then."""

    start: datetime
    arrived: int
    close_at_order: float | None
    close_at_pickup: float | None
    offers: int
    offers_per_delivery: float | None
    explored: int
    click_to_door_p50_s: float | None
    click_to_door_p90_s: float | None
    click_to_door_p99_s: float | None


class HourView(View):
    """Offers by the hour of the region's day, 0 to 23, over the whole span; hours without any are left out."""

    hour: int
    offers: int
    accepted: int
    acceptance: float


class OrderAnalyticsView(Span):
    buckets: list[OrderBucketView]


class DriverAnalyticsView(Span):
    buckets: list[DriverBucketView]


class DispatchAnalyticsView(Span):
    buckets: list[DispatchBucketView]
    acceptance_by_hour: list[HourView]


def orders(work: Work, query: AnalyticsQuery) -> OrderAnalyticsView:
    """Raises NotFound."""
    span = _span(work, query)
    return OrderAnalyticsView(**dict(span), buckets=_series(work, _ORDERS, span, _view(OrderBucketView)))


def drivers(work: Work, query: AnalyticsQuery) -> DriverAnalyticsView:
    """Raises NotFound."""
    span = _span(work, query)
    return DriverAnalyticsView(**dict(span), buckets=_series(work, _DRIVERS, span, _view(DriverBucketView)))


def dispatch(work: Work, query: AnalyticsQuery) -> DispatchAnalyticsView:
    """Raises NotFound."""
    span = _span(work, query)
    return DispatchAnalyticsView(
        **dict(span),
        buckets=_series(work, _DISPATCH, span, _view(DispatchBucketView)),
        acceptance_by_hour=_series(work, _BY_HOUR, span, _view(HourView)),
    )


def _span(work: Work, query: AnalyticsQuery) -> Span:
    """Raises NotFound for an unknown region."""
    region = work.one("SELECT timezone FROM regions WHERE region_id = :region_id", region_id=query.region_id)
    if region is None:
        raise NotFound.of("region", query.region_id)
    zone = ZoneInfo(region["timezone"])
    last = query.until or (
        query.since + timedelta(days=DEFAULT_DAYS - 1) if query.since else work.now.astimezone(zone).date()
    )
    first = query.since or last - timedelta(days=DEFAULT_DAYS - 1)
    return Span(
        region_id=query.region_id,
        timezone=region["timezone"],
        bucket=query.bucket,
        since=datetime.combine(first, time(), zone),
        until=datetime.combine(last + timedelta(days=1), time(), zone),
    )


def _series(work: Work, sql: str, span: Span, view: Callable[[Row], T]) -> list[T]:
    bounds = {
        f"{name}_{prefix}": first_id(prefix, moment)
        for name, moment in (("first", span.since), ("end", span.until))
        for prefix in _IDS
        if f":first_{prefix}" in sql
    }
    spanned = {"bucket": span.bucket, "since": span.since, "until": span.until} if _BUCKETS in sql else {}
    rows = work.run(sql, region_id=span.region_id, zone=span.timezone, **bounds, **spanned)
    return [view(row) for row in rows]


def _view(model: type[T]) -> Callable[[Row], T]:
    return lambda row: model(**row)


def _start(moment: str) -> str:
    """The beginning of the bucket that a moment falls into."""
    return f"date_trunc(:bucket, {moment}, :zone)"


_BUCKETS = """
    SELECT start FROM generate_series(CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 second',
        CAST('1 ' || :bucket AS interval), :zone) AS start
"""
"""Every bucket of the span, also those in which nothing happened; days are as long as the region's clock has them."""


def _percentile(share: float) -> str:
    return f"CAST(percentile_cont({share}) WITHIN GROUP (ORDER BY took_s) AS float8)"


_PLACED = """
    SELECT created_at, status, captured_minor, delivered_at > promised_until AS late, delivered_at,
           extract(epoch FROM delivered_at - created_at) AS took_s
    FROM orders WHERE region_id = :region_id AND order_id >= :first_ord AND order_id < :end_ord
"""

_ORDERS = f"""
    WITH placed AS ({_PLACED}), figures AS (
        SELECT {_start("created_at")} AS start, count(*) AS placed, count(delivered_at) AS delivered,
               count(*) FILTER (WHERE status IN ('cancelled', 'merchant_rejected')) AS cancelled,
               count(*) FILTER (WHERE status IN ('refused', 'returned')) AS refused,
               CAST(sum(captured_minor) AS bigint) AS captured_minor, count(*) FILTER (WHERE late) AS late,
               {_percentile(0.5)} AS click_to_door_p50_s, {_percentile(0.9)} AS click_to_door_p90_s
        FROM placed GROUP BY 1
    )
    SELECT b.start, coalesce(placed, 0) AS placed, coalesce(delivered, 0) AS delivered, coalesce(cancelled, 0) AS cancelled,
           coalesce(refused, 0) AS refused, coalesce(captured_minor, 0) AS captured_minor, coalesce(late, 0) AS late,
           click_to_door_p50_s, click_to_door_p90_s
    FROM ({_BUCKETS}) AS b LEFT JOIN figures USING (start) ORDER BY b.start
"""

_DRIVERS = f"""
    WITH asked AS (
        SELECT {_start("offered_at")} AS start, count(DISTINCT driver_id) AS active, count(*) AS offers,
               count(*) FILTER (WHERE status = 'accepted') AS accepted
        FROM offers WHERE region_id = :region_id AND offer_id >= :first_ofr AND offer_id < :end_ofr GROUP BY 1
    ), done AS (
        SELECT {_start("created_at")} AS start, count(*) FILTER (WHERE kind = 'delivery') AS deliveries,
               CAST(sum(payout_minor) AS bigint) AS earned_minor
        FROM tasks
        WHERE region_id = :region_id AND status = 'done' AND task_id >= :first_tsk AND task_id < :end_tsk GROUP BY 1
    )
    SELECT b.start, coalesce(active, 0) AS active, coalesce(offers, 0) AS offers, coalesce(accepted, 0) AS accepted,
           coalesce(deliveries, 0) AS deliveries, coalesce(earned_minor, 0) AS earned_minor
    FROM ({_BUCKETS}) AS b LEFT JOIN asked USING (start) LEFT JOIN done USING (start) ORDER BY b.start
"""


def _close(foretold: str) -> str:
    return f"""CAST(avg(CAST(abs(extract(epoch FROM arrived_at - {foretold})) <= 180 AS integer))
                   FILTER (WHERE arrived_at IS NOT NULL AND {foretold} IS NOT NULL) AS float8)"""


_DISPATCH = f"""
    WITH came AS (
        SELECT {_start("created_at")} AS start, count(arrived_at) AS arrived, count(delivered_at) AS delivered,
               {_close("eta_at")} AS close_at_order, {_close("pickup_eta_at")} AS close_at_pickup,
               {_percentile(0.5)} AS click_to_door_p50_s, {_percentile(0.9)} AS click_to_door_p90_s,
               {_percentile(0.99)} AS click_to_door_p99_s
        FROM (SELECT *, extract(epoch FROM delivered_at - created_at) AS took_s FROM order_moments
              WHERE region_id = :region_id AND order_id >= :first_ord AND order_id < :end_ord) AS placed
        GROUP BY 1
    ), asked AS (
        SELECT {_start("o.offered_at")} AS start, count(*) AS offers, count(*) FILTER (WHERE l.explored) AS explored
        FROM offers o LEFT JOIN (
            SELECT offer_id, explored FROM offer_logs WHERE tick_id >= :first_tck AND tick_id < :end_tck
        ) AS l USING (offer_id)
        WHERE o.region_id = :region_id AND o.offer_id >= :first_ofr AND o.offer_id < :end_ofr GROUP BY 1
    )
    SELECT b.start, coalesce(arrived, 0) AS arrived, close_at_order, close_at_pickup, coalesce(offers, 0) AS offers,
           CAST(coalesce(offers, 0) AS float8) / nullif(delivered, 0) AS offers_per_delivery,
           coalesce(explored, 0) AS explored, click_to_door_p50_s, click_to_door_p90_s, click_to_door_p99_s
    FROM ({_BUCKETS}) AS b LEFT JOIN came USING (start) LEFT JOIN asked USING (start) ORDER BY b.start
"""

_BY_HOUR = """
    SELECT CAST(extract(hour FROM offered_at AT TIME ZONE :zone) AS integer) AS hour, count(*) AS offers,
           count(*) FILTER (WHERE status = 'accepted') AS accepted,
           CAST(avg(CAST(status = 'accepted' AS integer)) AS float8) AS acceptance
    FROM offers
    WHERE region_id = :region_id AND offer_id >= :first_ofr AND offer_id < :end_ofr
      AND status IN ('accepted', 'rejected', 'expired')
    GROUP BY 1 ORDER BY 1
"""
