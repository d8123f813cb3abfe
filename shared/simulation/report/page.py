"""The page: a headline, what matters most in large figures, the moving map, the charts, and every figure in a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path

from shared.simulation.report.charts import Chart
from shared.simulation.report.film import Film

HERE = Path(__file__).parent

MAP = """
<section class="card film" aria-label="Moving map"><h2>The day, replayed</h2><p>{note}</p>
<canvas id=map tabindex=0 role=img aria-label="Map of drivers and orders. Space plays and pauses, arrow keys step."></canvas>
<div class=controls>
 <button id=play type=button>Pause</button>
 <output id=clock for=time>00:00</output>
 <label class=grow><span>Time</span><input id=time type=range min=0 max=1 step=1 value=0></label>
 <label><span>Speed</span><input id=speed type=range min=0 max=7 step=1 value=4><output id=rate></output></label>
</div>
<p class=keys><span class="key idle">driver, free</span><span class="key driving">driver, under way</span>
<span class="key store">store</span><span class="key waits">door waits for pickup</span>
<span class="key carried">on the way to the door</span>
<span class="key done">just delivered</span><span class="key back">goes back or cancelled</span></p>
<p id=counts class=counts aria-live=off></p>
<noscript>The map needs scripts; everything below does without.</noscript></section>
"""


@dataclass(frozen=True, slots=True)
class Headline:
    """A large figure."""

    name: str
    value: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The first cell of a row names it."""

    title: str
    about: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    about: str
    headlines: Sequence[Headline]
    film: Film | None
    charts: Sequence[Chart]
    tables: Sequence[Table]
    more: str = ""

    def html(self) -> str:
        film = self.film
        style = (HERE / "page.css").read_text()
        script = f"<script>const film={_json(film)};\n{(HERE / 'film.js').read_text()}</script>" if film else ""
        return (
            f"<!doctype html><html lang=en><head><meta charset=utf-8>"
            f"<meta name=viewport content='width=device-width,initial-scale=1'><title>{escape(self.title)}</title>"
            f"<style>{style}</style></head><body><main><header><h1>{escape(self.title)}</h1><p>{escape(self.about)}</p></header>"
            f"<section class=headlines>{''.join(map(_headline, self.headlines))}</section>"
            f"{MAP.format(note=escape(film.note)) if film else ''}"
            f"<section class=charts>{''.join(chart.html() for chart in self.charts)}</section>"
            f"{''.join(map(_table, self.tables))}{self.more}</main>{script}</body></html>\n"
        )

    def write(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.html())


def _json(film: Film) -> str:
    return json.dumps(asdict(film), separators=(",", ":")).replace("</", "<\\/")


def _headline(headline: Headline) -> str:
    return (
        f"<div class=headline><span>{escape(headline.name)}</span><strong>{escape(headline.value)}</strong>"
        f"<small>{escape(headline.about)}</small></div>"
    )


def _table(table: Table) -> str:
    head = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in table.head)
    body = "".join(
        f"<tr><th scope=row>{escape(first)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in rest)}</tr>"
        for first, *rest in table.rows
    )
    return (
        f"<section class=card><h2>{escape(table.title)}</h2><p>{escape(table.about)}</p>"
        f"<div class=wide><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></section>"
    )
