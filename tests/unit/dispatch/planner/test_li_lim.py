"""The reader of the public instances, and the rivals of the benchmark."""

from pathlib import Path

import numpy as np
import pytest

from infra.bench.li_lim import UnreadableInstance, instances, read
from infra.bench.plain_vroom import vroom_routes
from infra.bench.planner import Outcome
from infra.bench.reference import ortools_routes
from shared.dispatch.engine.planner import check
from shared.dispatch.engine.planner.plan import plan

TINY = Path(__file__).with_name("tiny.txt")


def test_an_instance_is_read_as_it_is_written() -> None:
    routing = read(TINY)
    requests, vehicles = routing.requests, routing.vehicles
    assert (requests.pickup.tolist(), requests.dropoff.tolist(), requests.load.tolist()) == ([1, 3], [2, 4], [10, 7])
    assert (requests.pickup_open_s.tolist(), requests.pickup_close_s.tolist()) == ([0.0, 20.0], [100.0, 120.0])
    assert (requests.dropoff_open_s.tolist(), requests.dropoff_close_s.tolist()) == ([0.0, 30.0], [200.0, 220.0])
    assert (requests.pickup_service_s.tolist(), requests.dropoff_service_s.tolist()) == ([5.0, 5.0], [5.0, 5.0])
    assert (vehicles.capacity.tolist(), vehicles.off_s.tolist(), vehicles.end.tolist()) == (
        [20] * 3,
        [240.0] * 3,
        [0] * 3,
    )
    assert routing.travel_s[1, 3] == pytest.approx(np.hypot(10, 10))


def test_the_planner_and_its_rivals_agree_on_an_instance_with_one_answer() -> None:
    routing = read(TINY)
    for routes in (plan(routing, 0.05, 1), vroom_routes(routing, 0.05), ortools_routes(routing, 0.5)):
        assert check(routing, routes) == []
        assert (len(routes.routes), len(routes.unserved)) == (1, 0)
        assert routes.travel_s == pytest.approx(10 + 20 + np.hypot(30, 10) + 20 + 30)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("3\t20\t1", "three", "expected lines of 3"),
        ("\t10\t0\t100\t5\t0\t2", "\t10\t0\t100\t5\t0\t4", "a delivery of its own"),
        ("\n4\t", "\n9\t", "numbered"),
        ("\t240\t", "\t", "expected lines of 3, then of 9"),
    ],
)
def test_a_file_in_another_format_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    file = tmp_path / "other.txt"
    file.write_text(TINY.read_text().replace(old, new, 1))
    with pytest.raises(UnreadableInstance, match=complaint):
        read(file)


def test_instances_come_with_what_is_best_known(tmp_path: Path) -> None:
    (tmp_path / "best_known.csv").write_text("size,instance,routes,distance\n100,lrc_1_1,1,99.5\n")
    (tmp_path / "li_lim_100").mkdir()
    (tmp_path / "li_lim_100" / "LRC_1_1.txt").write_text(TINY.read_text())
    (found,) = instances(tmp_path)
    assert (found.name, found.group, found.vehicles, found.distance) == ("lrc_1_1", "lrc 100", 1, 99.5)


def test_an_outcome_is_behind_by_service_first_then_vehicles_then_distance() -> None:
    base = Outcome(unserved=0, vehicles=0, distance=0.01, seconds=1.0)
    assert Outcome(1, -1, 0.0, 1.0).behind(base)
    assert Outcome(0, 1, -0.2, 1.0).behind(base)
    assert Outcome(0, 0, 0.02, 1.0).behind(base)
    assert not Outcome(0, 0, 0.01005, 1.0).behind(base)
    assert not Outcome(0, -1, 0.5, 1.0).behind(base)
