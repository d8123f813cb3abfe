"""When a release goes on, waits, or is rolled back; and how the cloud's own words are read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.deploy.canary import counted
from infra.deploy.rollout import ENOUGH, STEPS, WORST, Answers, Verdict, decide
from infra.deploy.scan import stopping
from infra.deploy.traffic import Service, read_service

QUIET_OLD = Answers(total=10_000, errors=10)


def test_a_release_as_good_as_the_old_one_goes_on() -> None:
    assert decide(QUIET_OLD, Answers(1_000, 1), patience_left=True).verdict is Verdict.GO_ON


def test_a_release_that_is_clearly_worse_is_rolled_back() -> None:
    decision = decide(QUIET_OLD, Answers(1_000, 12), patience_left=True)
    assert decision.verdict is Verdict.ROLL_BACK
    assert "0.10% to 1.20%" in decision.reason


def test_a_release_is_not_blamed_for_what_the_old_one_does_too() -> None:
    assert decide(Answers(10_000, 300), Answers(1_000, 32), patience_left=True).verdict is Verdict.GO_ON


def test_too_many_errors_are_never_accepted_even_when_the_old_release_is_no_better() -> None:
    assert decide(Answers(10_000, 2_000), Answers(1_000, 200), patience_left=True).verdict is Verdict.ROLL_BACK


@pytest.mark.parametrize(
    ("new", "patience_left", "verdict"),
    [
        (Answers(0, 0), True, Verdict.WAIT),
        (Answers(50, 1), True, Verdict.WAIT),
        (Answers(20, 3), True, Verdict.ROLL_BACK),
        (Answers(50, 0), False, Verdict.GO_ON),
        (Answers(50, 1), False, Verdict.ROLL_BACK),
    ],
)
def test_few_answers_are_waited_for_and_then_must_be_faultless(
    new: Answers, patience_left: bool, verdict: Verdict
) -> None:
    assert decide(QUIET_OLD, new, patience_left=patience_left).verdict is verdict


answers = st.integers(0, 100_000).flatmap(lambda total: st.builds(Answers, st.just(total), st.integers(0, total)))


@given(old=answers, new=answers, patience_left=st.booleans())
def test_more_errors_never_make_a_release_look_better(old: Answers, new: Answers, patience_left: bool) -> None:
    decision = decide(old, new, patience_left=patience_left)
    if new.total >= ENOUGH and new.share > WORST:
        assert decision.verdict is Verdict.ROLL_BACK
    if new.errors < new.total and decision.verdict is Verdict.ROLL_BACK:
        worse = Answers(new.total, new.errors + 1)
        assert decide(old, worse, patience_left=patience_left).verdict is Verdict.ROLL_BACK
    if not patience_left:
        assert decision.verdict is not Verdict.WAIT


def test_traffic_grows_in_steps() -> None:
    assert list(STEPS) == sorted(set(STEPS))
    assert 0 < STEPS[0] <= 10
    assert STEPS[-1] < 100


def test_the_revision_to_go_back_to_is_the_one_that_serves_most() -> None:
    shares = [
        {"revisionName": "get-order-r2", "percent": 5, "tag": "candidate"},
        {"revisionName": "get-order-r1", "percent": 90},
        {"revisionName": "get-order-r0", "percent": 5},
    ]
    described = {"metadata": {"name": "get-order"}, "status": {"traffic": shares}}
    assert read_service(described, "r2") == Service("get-order", before="get-order-r1", candidate="get-order-r2")


def test_a_service_without_an_earlier_revision_cannot_be_rolled_back() -> None:
    described: dict[str, Any] = {"metadata": {"name": "get-order"}, "status": {"traffic": []}}
    with pytest.raises(LookupError, match="no earlier revision"):
        read_service(described, "r2")


def series(revision: str, answer_class: str, *counts: int) -> dict[str, Any]:
    return {
        "resource": {"labels": {"revision_name": revision}},
        "metric": {"labels": {"response_code_class": answer_class}},
        "points": [{"value": {"int64Value": str(count)}} for count in counts],
    }


def test_answers_are_counted_by_release_over_all_services() -> None:
    found = [
        series("get-order-r1", "2xx", 90, 10),
        series("get-order-r1", "5xx", 1),
        series("get-order-r2", "2xx", 7),
        series("tick-r2", "5xx", 2),
    ]
    assert counted(found, {"get-order-r2", "tick-r2"}) == (Answers(101, 1), Answers(9, 2))


def weakness(severity: str, kind: str) -> dict[str, Any]:
    issue = {"affectedPackage": "libexample", "fixedVersion": {"kind": kind, "fullName": "1.2-3"}}
    named = {"shortDescription": "CVE-0000-0001", "effectiveSeverity": severity, "packageIssue": [issue]}
    return {"vulnerability": named}


def test_only_a_critical_weakness_with_a_remedy_stops_a_release() -> None:
    found = [weakness("CRITICAL", "NORMAL"), weakness("CRITICAL", "MAXIMUM"), weakness("HIGH", "NORMAL")]
    assert stopping(found) == ["CVE-0000-0001 in libexample, mended in 1.2-3"]
