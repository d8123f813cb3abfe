"""One HTML page about the days that were played: no script, no network."""

from __future__ import annotations

from html import escape
from pathlib import Path

from shared.simulation.summary import Result, heads, lines

STYLE = """
:root { color-scheme: light dark; --bar: #3b6fd4; --floor: #9aa4b2; --line: #8884; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 13px; }
th, td { padding: .3rem .5rem; text-align: right; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; white-space: nowrap; }
tr.all { font-weight: 600; }
.wide { overflow-x: auto; }
.day { display: grid; grid-template-columns: 11rem 1fr 9rem; gap: .75rem; align-items: center; font-size: 13px; }
.day svg { width: 100%; height: 12px; }
"""


def write_report(results: list[Result], file: Path) -> None:
    """Means by group in a table, then a bar per day: what was unavoidable, and what came on top."""
    longest = max(max(result.metrics.ctd_mean for result in results), 1.0)
    head = "".join(f"<th>{escape(h)}</th>" for h in heads())
    body = "".join(
        f"<tr{' class=all' if line[0] == 'all' else ''}>{''.join(f'<td>{escape(cell)}</td>' for cell in line)}</tr>"
        for line in lines(results)
    )
    file.write_text(
        f"<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title>Simulated days</title><style>{STYLE}</style>"
        f"<h1>Simulated days: {len(results)}, policy {escape(results[0].policy)}</h1>"
        f"<p>Means over days. Click-to-door, its 90th percentile and its overage above the target are in minutes; "
        f"the floor is a courier standing ready in the store for every order.</p>"
        f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        f"<h2>Mean click-to-door by day</h2><p>Grey is the floor, blue what came on top.</p>"
        f"{''.join(_day(result, longest) for result in results)}</html>\n"
    )


def _day(result: Result, longest: float) -> str:
    metrics = result.metrics
    floor, reached = (100 * minutes / longest for minutes in (metrics.floor_mean, metrics.ctd_mean))
    lost = f", {metrics.undelivered} undelivered" if metrics.undelivered else ""
    return (
        f"<div class=day><span>{escape(result.instance)}</span>"
        f"<svg viewBox='0 0 100 10' preserveAspectRatio=none role=img aria-label='{metrics.ctd_mean:.1f} minutes'>"
        f"<rect width='{reached:.2f}' height=10 fill='var(--bar)'/>"
        f"<rect width='{min(floor, reached):.2f}' height=10 fill='var(--floor)'/></svg>"
        f"<span>{metrics.ctd_mean:.1f} min{lost}</span></div>"
    )
