"""The command over cities: processes change nothing, memory does not grow, and the page shows what happened."""

from __future__ import annotations

import csv
import json
import re
import sys
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from shared.simulation.city.figures import figures
from shared.simulation.city.run import Run, play_all
from shared.simulation.city.tally import Tally, percentile
from shared.simulation.command import main
from tests.unit.simulation.city.towns import BUSY, TOWN, played
from tests.unit.simulation.days import random_day

QUIET = Console(quiet=True)


def test_a_region_goes_the_same_way_in_a_process_of_its_own() -> None:
    city = replace(TOWN, regions=2)
    runs = [Run(city, region, 3, 1, "min_cost_flow") for region in range(2)]
    alone, apart = (play_all(runs, processes, QUIET) for processes in (1, 2))
    assert [outcome.digest for outcome in alone] == [outcome.digest for outcome in apart]
    assert alone[0].digest != alone[1].digest
    assert sum(outcome.tally.orders for outcome in apart) == city.orders


def _size(tally: Tally) -> int:
    return sum(
        value.nbytes if isinstance(value, np.ndarray) else sys.getsizeof(value)
        for value in (getattr(tally, field.name) for field in fields(tally))
    )


def test_what_is_counted_does_not_grow_with_the_orders() -> None:
    small, large = played(TOWN).tally, played(replace(TOWN, orders=1_200, drivers=45)).tally
    assert large.orders == 10 * small.orders
    assert abs(_size(large) - _size(small)) < 256


def test_percentiles_of_a_histogram_are_those_of_its_values() -> None:
    seen = played(BUSY)
    ctd = np.array([o.ended - o.placed for o in seen.orders if o.end == "delivered"])
    for share in (0.1, 0.5, 0.9):
        assert percentile(seen.tally.ctd, 10.0, share) == pytest.approx(np.quantile(ctd, share), abs=25.0)
    assert percentile(np.zeros(10, dtype=np.int64), 10.0, 0.5) == 0.0


class Texts(HTMLParser):
    """Collects the visible texts, what a page would load, and its tags."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def _page(file: Path) -> Texts:
    texts = Texts()
    texts.feed(file.read_text())
    return texts


def _film(file: Path) -> dict[str, list[list[int]]]:
    found = re.search(r"const film=(\{.*?\});\n", file.read_text())
    assert found is not None
    return dict(json.loads(found[1]))


def test_the_page_of_a_city_shows_its_figures_and_its_movements_and_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = ["--city", "small", "--orders", "60", "--drivers", "4", "--seed", "5", "--out", str(tmp_path)]
    assert main([*town, "--processes", "1", "--records"]) == 0
    tally = played(replace(TOWN, name="small", orders=60, drivers=4), seed=5).tally
    page = _page(tmp_path / "report.html")
    assert page.loads == []
    assert f"{figures(tally)['click-to-door']:.1f} min" in page.texts
    assert f"{tally.orders:,} orders, {tally.offers:,} offers." in page.texts
    assert f"{figures(tally)['click-to-door']:.2f}" in capsys.readouterr().out
    film = _film(tmp_path / "report.html")
    assert len(film["orders"]) == 60 - tally.age_check_failed - sum(
        1 for o in _csv(tmp_path, "orders") if _never_taken(o)
    )
    assert sum(len(driver[2]) // 7 for driver in film["drivers"]) >= 2 * tally.delivered
    assert len(list(_csv(tmp_path, "orders"))) == 60
    assert len(list(_csv(tmp_path, "offers"))) == tally.offers


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "records" / f"{name}-1.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def _never_taken(order: dict[str, str]) -> bool:
    return order["driver"] == "-1" and order["end"] != "age_check_failed"


def test_the_page_of_a_public_day_has_a_map_and_that_of_several_has_none(tmp_path: Path) -> None:
    for seed in (1, 2):
        random_day(seed, orders=8).write(tmp_path / "days" / f"{seed}o100")
    assert main(["--instance", str(tmp_path / "days" / "1o100"), "--out", str(tmp_path / "one")]) == 0
    assert main(["--all", str(tmp_path / "days"), "--out", str(tmp_path / "two"), "--processes", "1"]) == 0
    film = _film(tmp_path / "one" / "report.html")
    assert (
        len(film["orders"])
        == len((tmp_path / "one" / "1o100" / "solution_info_orders.txt").read_text().splitlines()) - 1
    )
    assert "The day, replayed" not in _page(tmp_path / "two" / "report.html").texts


def test_two_policies_are_compared_on_paired_seeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = ["--city", "small", "--orders", "50", "--drivers", "4", "--processes", "1", "--out", str(tmp_path)]
    assert main([*town, "--compare", "min_cost_flow", "weighted_score", "--seeds", "2"]) == 0
    assert "2 pairs of seeds" in capsys.readouterr().out
    assert "Compared" in _page(tmp_path / "report.html").texts


def test_two_policies_take_turns_within_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = ["--city", "small", "--orders", "200", "--drivers", "10", "--processes", "1", "--out", str(tmp_path)]
    assert main([*town, "--compare", "min_cost_flow", "weighted_score", "--switchback", "20"]) == 0
    assert "blocks of 20 min" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--city", "small", "--policy", "rolling"], "a city is played with one of"),
        (["--city", "small", "--switchback", "20"], "--switchback needs --compare"),
        (["--all", ".", "--compare", "min_cost_flow", "weighted_score"], "--compare needs --city"),
        (["--city", "small", "--orders", "0"], "must be at least 1"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    assert says in capsys.readouterr().err


def test_a_city_smaller_than_its_regions_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--city", "small", "--drivers", "3", "--regions", "5"]) == 2
    assert "for each an order and a driver" in capsys.readouterr().err
    assert main(["--city", "small", "--compare", "min_cost_flow", "weighted_score", "--seeds", "1"]) == 2
    assert "--seeds must be at least 2" in capsys.readouterr().err
