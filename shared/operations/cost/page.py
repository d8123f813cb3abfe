"""The page docs/cost.md: tables and a chart, made of a usage, the prices and the assumptions alone."""

from collections.abc import Mapping
from dataclasses import asdict, fields

from shared.operations.cost.model import Assumptions, Line, by_component, day
from shared.operations.cost.prices import Price
from shared.operations.cost.usage import Usage

DONE = {
    "Cloud SQL CPU": "requests make few round trips and ticks read whole columns: the smallest instance carries 100,000 a day",
    "Cloud SQL memory": "follows from the number of vCPUs, which the fewest round trips keep small",
    "Cloud SQL storage": "a tick's replay file is compressed and goes after 30 days; orders, dossiers and books are all that stays",
    "load balancer": "one rule and one URL map serve every function",
    "CPU of streams": "one feed per process reads the live store for all its streams (decision 0005): 250 share an instance",
    "memory of streams": "one feed per process reads the live store for all its streams (decision 0005)",
    "Firestore writes": "one document per driver and per order, written only by what is newer",
}
"""What was done about a line that is among the dearest."""

SCALES = (1_000, 100_000, 1_000_000)
"""Orders a day."""

COLOURS = ("#3b6fd4", "#e08a2e", "#2c9a7a", "#b4557f", "#7a6fd0", "#8a6d3b", "#6b7683")
WIDTH, BAR, GAP, LEFT = 720, 34, 22, 130


def render(usage: Usage, prices: Mapping[str, Price], assumed: Assumptions, measured_on: str) -> str:
    days = {orders: day(usage, orders, prices, assumed) for orders in SCALES}
    return "\n".join(
        [
            "# Cost",
            "",
            f"Dollars for 1,000 orders on Google Cloud: operations counted in a run of {usage.orders} orders ({measured_on}),",
            "times list prices, without free tiers and discounts. `cloudrun job cost_model` prints it; with `--report` it",
            "takes another run's counts, from `cloudrun demo --json FILE`.",
            "",
            "![Dollars for 1,000 orders, by component](cost/chart.svg)",
            "",
            *_components(days),
            "",
            "## The dearest lines",
            "",
            *_dearest(days),
            "",
            "## Counted, per order",
            "",
            "| what | amount |",
            "|---|---:|",
            *(
                f"| {name.replace('_', ' ')} | {value:,.4g} |"
                for name, value in asdict(usage).items()
                if name != "orders"
            ),
            "",
            "## Assumed",
            "",
            "| what | value |",
            "|---|---:|",
            *(f"| {field.name.replace('_', ' ')} | {getattr(assumed, field.name):,} |" for field in fields(assumed)),
            "",
            "`Assumptions` in `shared/operations/cost/model.py` says what each one means.",
            "",
            "## Prices",
            "",
            "| name | dollars | for | source | as of |",
            "|---|---:|---|---|---|",
            *(
                f"| {p.name} | {p.dollars:g} | {p.per:,.0f} {p.unit} | <{p.source}> | {p.as_of} |"
                for p in prices.values()
            ),
            "",
        ]
    )


def _components(days: Mapping[int, list[Line]]) -> list[str]:
    head = " | ".join(f"{orders:,} a day" for orders in days)
    rows = [f"| component | {head} |", "|---|" + "---:|" * len(days)]
    sums = {orders: by_component(lines) for orders, lines in days.items()}
    for component in next(iter(sums.values())):
        rows.append(f"| {component} | " + " | ".join(_per_thousand(sums[o][component], o) for o in days) + " |")
    totals = " | ".join(f"**{_per_thousand(sum(sums[orders].values()), orders)}**" for orders in days)
    return [*rows, f"| **all** | {totals} |"]


def _dearest(days: Mapping[int, list[Line]]) -> list[str]:
    rows = ["| orders a day | first | second | third |", "|---:|---|---|---|"]
    for orders, lines in days.items():
        named = [f"{line.what}, {_per_thousand(line.dollars, orders)}" for line in lines[:3]]
        rows.append(f"| {orders:,} | " + " | ".join(named) + " |")
    dearest = dict.fromkeys(line.what for lines in days.values() for line in lines[:3])
    return [
        *rows,
        "",
        "What was done about them:",
        "",
        *(f"- {what}: {DONE[what]}" for what in dearest if what in DONE),
    ]


def _per_thousand(dollars: float, orders: int) -> str:
    return f"{dollars / orders * 1_000:.3f}"


def chart(usage: Usage, prices: Mapping[str, Price], assumed: Assumptions) -> str:
    """An SVG: one bar per scale, the components side by side in it, dollars for 1,000 orders."""
    sums = {orders: by_component(day(usage, orders, prices, assumed)) for orders in SCALES}
    longest = max(sum(parts.values()) / orders for orders, parts in sums.items()) * 1_000
    names = list(next(iter(sums.values())))
    height = len(SCALES) * (BAR + GAP) + 70
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif"'
        ' font-size="13" role="img" aria-label="Dollars for 1,000 orders by component">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
    ]
    for row, (orders, parts) in enumerate(sums.items()):
        y = 16 + row * (BAR + GAP)
        out.append(f'<text x="{LEFT - 10}" y="{y + 22}" text-anchor="end" fill="#222">{orders:,} a day</text>')
        x = float(LEFT)
        for name, colour in zip(names, COLOURS, strict=True):
            width = parts[name] / orders * 1_000 / longest * (WIDTH - LEFT - 80)
            out.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>')
            x += width
        total = sum(parts.values()) / orders * 1_000
        out.append(f'<text x="{x + 8:.1f}" y="{y + 22}" fill="#222">${total:.2f}</text>')
    for place, (name, colour) in enumerate(zip(names, COLOURS, strict=True)):
        x, y = 16 + place * 99, height - 34
        out.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        out.append(f'<text x="{x + 17}" y="{y + 11}" fill="#222">{name}</text>')
    return "\n".join([*out, "</svg>", ""])
