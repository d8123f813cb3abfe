"""The smoke test on a real market: well when it is, and a sentence for each thing that is not."""

from infra.deploy.smoke import CHECKS, run
from infra.local.postgres import free_port
from tests.fixtures.http import Client


def test_a_running_market_passes(api: Client, base_url: str) -> None:
    assert run(base_url) == []


def test_a_market_that_is_away_fails_every_check_with_a_sentence() -> None:
    troubles = run(f"http://127.0.0.1:{free_port()}")
    assert len(troubles) == len(CHECKS)
    assert all("gave no answer" in trouble for trouble in troubles)


def test_a_wrong_answer_is_told_with_what_was_expected(base_url: str) -> None:
    troubles = run(f"{base_url}/v1/tasks")
    assert "it answers: GET /health gave 404 not_found, not 200" in troubles
