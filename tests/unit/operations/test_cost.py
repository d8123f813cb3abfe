"""The cost model: what is counted is what is priced, and the committed page is what the committed numbers give."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from shared.operations.cost.model import Assumptions, by_component, day
from shared.operations.cost.page import chart, render
from shared.operations.cost.prices import Price, read
from shared.operations.cost.usage import Usage, of

DOCS = Path(__file__).resolve().parents[3] / "docs"
PRICES = read(DOCS / "cost" / "prices.csv")
USAGE = Usage(
    orders=500, requests=150.0, scheduled=500.0, ticks=10.0, api_cpu_s=0.5, tick_cpu_s=0.01, stream_s=5_000.0,
    bytes_out=60_000.0, publishes=40.0, deliveries=40.0, tasks=30.0, live_writes=60.0, live_changes=120.0,
    database_cpu_s=0.3, record_bytes=60_000.0, passing_byte_days=900_000.0,
)  # fmt: skip


def dollars(usage: Usage, orders: int = 10_000, assumed: Assumptions | None = None) -> dict[str, float]:
    return {line.what: line.dollars for line in day(usage, orders, PRICES, assumed or Assumptions())}


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ("requests", "requests"),
        ("api_cpu_s", "CPU of endpoints"),
        ("tick_cpu_s", "CPU of ticks"),
        ("stream_s", "CPU of streams"),
        ("publishes", "Pub/Sub"),
        ("deliveries", "Pub/Sub"),
        ("tasks", "Cloud Tasks: create and push"),
        ("live_writes", "Firestore writes"),
        ("live_changes", "Firestore reads"),
        ("live_changes", "Firestore expiry"),
        ("record_bytes", "Cloud SQL storage"),
        ("passing_byte_days", "Cloud SQL storage"),
        ("bytes_out", "data to the internet"),
    ],
)
def test_more_of_anything_counted_costs_more_on_its_own_line(field: str, line: str) -> None:
    more = replace(USAGE, **{field: getattr(USAGE, field) * 2})
    assert dollars(more)[line] > dollars(USAGE)[line]


def test_a_line_is_its_amount_times_its_price() -> None:
    found = dollars(USAGE)
    assert found["Cloud Tasks: create and push"] == pytest.approx(30 * 10_000 * 2 * 0.40 / 1e6)
    assert found["Firestore writes"] == pytest.approx(180 * 10_000 * 0.09 / 1e5)
    assert found["CPU of endpoints"] == pytest.approx(0.5 * 10_000 / 0.5 * 0.000024)


def test_no_price_is_listed_for_nothing() -> None:
    asked: set[str] = set()

    class Noting(dict[str, Price]):
        def __getitem__(self, name: str) -> Price:
            asked.add(name)
            return super().__getitem__(name)

    day(USAGE, 1_000, Noting(PRICES), Assumptions())
    assert asked == set(PRICES)


def test_ticks_cost_no_more_than_every_slot_of_every_region() -> None:
    busy = replace(USAGE, ticks=1_000.0)
    assert dollars(busy, orders=5_000)["CPU of ticks"] == pytest.approx(28_800 * 0.01 / 0.5 * 0.000024)


def test_the_database_is_never_smaller_than_its_smallest_size_and_grows_with_the_peak() -> None:
    least = dollars(USAGE, orders=10)["Cloud SQL CPU"]
    assert least == pytest.approx(2 * 2 * 24 * 0.0413)
    assert dollars(USAGE, orders=1_000_000)["Cloud SQL CPU"] > 5 * least


def test_components_add_up_to_all_lines() -> None:
    lines = day(USAGE, 1_000, PRICES, Assumptions())
    assert sum(by_component(lines).values()) == pytest.approx(sum(line.dollars for line in lines))
    assert [line.dollars for line in lines] == sorted((line.dollars for line in lines), reverse=True)


def test_usage_is_counted_per_order_and_streams_in_the_markets_time() -> None:
    calls = {
        name: {"requests": n, "open_s": 2.0, "bytes_out": 100} for name, n in (("get_order", 40), ("stream_driver", 5))
    }
    report = {
        "placed": 10,
        "simulated_s": 7_200.0,
        "wall_s": 72.0,
        "usage": {
            "processes": [
                {"process": "api", "cpu_s": 5.0, "calls": calls | {"schedule": {"requests": 120, "open_s": 0, "bytes_out": 0}}},
                {"process": "dispatch", "cpu_s": 2.0, "calls": {"tick": {"requests": 100, "open_s": 0, "bytes_out": 0}}},
            ],
            "database": {
                "cpu_s": 3.0,
                "tables": {
                    "outbox": {"inserted": 70, "updated": 0, "deleted": 70, "bytes": 10_000},
                    "queue_tasks": {"inserted": 30, "updated": 0, "deleted": 0, "bytes": 10_000},
                    "live_documents": {"inserted": 5, "updated": 15, "deleted": 0, "bytes": 10_000},
                    "orders": {"inserted": 10, "updated": 90, "deleted": 0, "bytes": 30_000},
                    "dossier_events": {"inserted": 120, "updated": 0, "deleted": 0, "bytes": 70_000},
                    "ticks": {"inserted": 100, "updated": 0, "deleted": 0, "bytes": 50_000},
                },
            },
        },
    }  # fmt: skip
    usage = of(report)
    assert (usage.requests, usage.ticks, usage.scheduled) == (4.0, 10.0, 60.0)
    assert usage.tick_cpu_s == pytest.approx(0.02)
    assert usage.stream_s == pytest.approx(2.0 * 100 / 10)
    assert (usage.publishes, usage.tasks, usage.live_writes) == (4.0, 3.0, 2.0)
    assert usage.record_bytes == pytest.approx(10_000), (
        "orders and dossiers; what is emptied within the day is no record"
    )
    assert usage.passing_byte_days == pytest.approx(5_000 * 30)


def test_a_report_without_usage_is_refused() -> None:
    with pytest.raises(ValueError, match="does not say what the day used"):
        of({"placed": 10, "simulated_s": 1.0, "wall_s": 1.0})


def test_a_price_that_appears_twice_is_refused(tmp_path: Path) -> None:
    text = (DOCS / "cost" / "prices.csv").read_text()
    file = tmp_path / "prices.csv"
    file.write_text(text + text.splitlines()[1] + "\n")
    with pytest.raises(ValueError, match="twice"):
        read(file)


def test_a_price_is_for_so_many() -> None:
    assert Price("x", 0.4, 1e6, "things", "https://example.com", date(2026, 1, 1)).of(5e6) == pytest.approx(2.0)


def test_the_page_and_its_chart_are_what_the_committed_numbers_give() -> None:
    measured = json.loads((DOCS / "cost" / "measured.json").read_text())
    usage = Usage(**measured["usage"])
    assert (DOCS / "cost.md").read_text() == render(usage, PRICES, Assumptions(), measured["run"])
    assert (DOCS / "cost" / "chart.svg").read_text() == chart(usage, PRICES, Assumptions())
