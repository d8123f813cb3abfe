"""Small charts as SVG: they take their colours from the page, and every mark says its figure when it is pointed at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, isnan, log10

WIDE, HIGH = 400, 200
LEFT, RIGHT, TOP, BOTTOM = 40, 16, 10, 34


@dataclass(frozen=True, slots=True)
class Series:
    """`style` is a class of the page's style sheet; values share the chart's steps, a line leaves out those that are NaN."""

    name: str
    values: Sequence[float]
    style: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Values over steps of a scale. `kind` of the first series is bars or area; all others are lines over it.

    start, step  of the horizontal scale, in `unit`
    band         a part of that scale to set off, with what it means
    """

    title: str
    about: str
    series: Sequence[Series]
    start: float
    step: float
    unit: str
    kind: str = "bars"
    band: tuple[float, float] | None = None
    ticks: Sequence[tuple[float, str]] | None = None

    def html(self) -> str:
        legend = "".join(f"<span class='key {s.style}'>{escape(s.name)}</span>" for s in self.series)
        keys = f"<p class=keys>{legend}</p>" if len(self.series) > 1 else ""
        return (
            f"<figure class=card><figcaption><h3>{escape(self.title)}</h3><p>{escape(self.about)}</p></figcaption>{keys}"
            f"<svg viewBox='0 0 {WIDE} {HIGH}' role=img aria-label='{escape(self.title, quote=True)}'>{self._svg()}</svg></figure>"
        )

    def _svg(self) -> str:
        most = max((v for s in self.series for v in s.values if not isnan(v)), default=0.0) or 1.0
        top = _round_up(most)
        parts = [self._band(), self._levels(top), self._scale()]
        first, *others = self.series
        parts.append(self._bars(first, top) if self.kind == "bars" else self._line(first, top, closed=True))
        parts += [self._line(series, top) for series in others]
        return "".join(parts)

    def _x(self, value: float) -> float:
        span = self.step * max(len(self.series[0].values), 1)
        return LEFT + (value - self.start) / span * (WIDE - LEFT - RIGHT)

    def _bars(self, series: Series, top: float) -> str:
        wide = self._x(self.start + self.step) - self._x(self.start)
        gap = min(1.0, wide * 0.15)
        bars = []
        for n, value in enumerate(series.values):
            if value <= 0:
                continue
            y, at = _y(value, top), self.start + n * self.step
            said = f"{_number(at)} {self.unit}: {_number(value)}"
            bars.append(
                f"<rect class='{series.style}' x='{self._x(at) + gap / 2:.1f}' y='{y:.1f}' width='{wide - gap:.1f}' "
                f"height='{HIGH - BOTTOM - y:.1f}'><title>{escape(said)}</title></rect>"
            )
        return "".join(bars)

    def _line(self, series: Series, top: float, *, closed: bool = False) -> str:
        points = [
            f"{self._x(self.start + (n + 0.5) * self.step):.1f},{_y(value, top):.1f}"
            for n, value in enumerate(series.values)
            if not isnan(value)
        ]
        if not closed:
            return f"<polyline class='line {series.style}' points='{' '.join(points)}'/>"
        ground = HIGH - BOTTOM
        ends = (f"{self._x(self.start + 0.5 * self.step):.1f},{ground}", f"{WIDE - RIGHT:.1f},{ground}")
        return f"<polygon class='{series.style}' points='{ends[0]} {' '.join(points)} {ends[1]}'/>"

    def _band(self) -> str:
        if self.band is None:
            return ""
        left, right = (self._x(value) for value in self.band)
        return f"<rect class=band x='{left:.1f}' y='{TOP}' width='{right - left:.1f}' height='{HIGH - TOP - BOTTOM}'/>"

    def _levels(self, top: float) -> str:
        return "".join(
            f"<line class=grid x1='{LEFT}' x2='{WIDE - RIGHT}' y1='{_y(level, top):.1f}' y2='{_y(level, top):.1f}'/>"
            f"<text class=end x='{LEFT - 5}' y='{_y(level, top) + 4:.1f}'>{_number(level)}</text>"
            for level in (0.0, top / 2, top)
        )

    def _scale(self) -> str:
        span = self.step * len(self.series[0].values)
        ticks = self.ticks or [(v, _number(v)) for v in _ticks(self.start, self.start + span)]
        marks = "".join(
            f"<text class=middle x='{self._x(value):.1f}' y='{HIGH - BOTTOM + 15}'>{escape(text)}</text>"
            for value, text in ticks
        )
        middle = (LEFT + WIDE - RIGHT) / 2
        return f"{marks}<text class='middle unit' x='{middle}' y='{HIGH - 4}'>{escape(self.unit)}</text>"


def _y(value: float, top: float) -> float:
    return HIGH - BOTTOM - value / top * (HIGH - TOP - BOTTOM)


def _round_up(value: float) -> float:
    """To 1, 2, 4 or 6 times a power of ten, so that half of it is a round number too."""
    power = 10.0 ** floor(log10(value))
    return next((m * power for m in (1, 2, 4, 6, 10) if m * power >= value), 10 * power)


def _ticks(low: float, high: float) -> list[float]:
    step = next(
        m * 10.0**p for p in range(-1, 6) for m in (1, 2, 5) if (high - low) / (m * 10.0**p) <= 6.5
    )  # fmt: skip
    return [n * step for n in range(ceil(low / step), floor(high / step) + 1)]


def _number(value: float) -> str:
    if abs(value) >= 1_000_000:
        return f"{value / 1_000_000:g}M"
    if abs(value) >= 10_000:
        return f"{value / 1_000:g}k"
    return f"{round(value):,}" if value == round(value) else f"{value:.3g}"
