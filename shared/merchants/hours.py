"""When a store is open, by its own local time. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WeeklyHours = Mapping[str, Sequence[Sequence[str]]]
"""Weekday → `[opens, closes]` pairs of `HH:MM`. `24:00` is midnight; a closing at or before the opening is the next day's."""

_HORIZON_DAYS = 8


def open_at(hours: WeeklyHours, local: datetime) -> bool:
    """Whether some opening includes this moment; the moment of closing is outside."""
    return any(opens <= local < closes for opens, closes in _openings(hours, local, days=1))


def next_opening(hours: WeeklyHours, local: datetime) -> datetime | None:
    """The first opening after this moment, None when there is none within a week."""
    return min((opens for opens, _ in _openings(hours, local, days=_HORIZON_DAYS) if opens > local), default=None)


def _openings(hours: WeeklyHours, local: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
    """Openings that begin between yesterday, whose last one may reach into today, and `days` from today."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    for offset in range(-1, days):
        day = midnight + timedelta(days=offset)
        for opens, closes in hours.get(WEEKDAYS[day.weekday()], ()):
            start, end = day + _since_midnight(opens), day + _since_midnight(closes)
            yield start, end if end > start else end + timedelta(days=1)


def _since_midnight(text: str) -> timedelta:
    if text == "24:00":
        return timedelta(days=1)
    clock = time.fromisoformat(text)
    return timedelta(hours=clock.hour, minutes=clock.minute)
