"""The one port in front of every function."""

import httpx
import pytest

from tests.fixtures.http import INTERNAL_TOKEN, Client
from tests.fixtures.world import World


def ask(base_url: str, method: str, path: str, **more: object) -> httpx.Response:
    return httpx.request(method, base_url + path, trust_env=False, timeout=20, **more)  # type: ignore[arg-type]


def test_an_address_that_nobody_serves_is_a_problem(base_url: str) -> None:
    answer = ask(base_url, "GET", "/v1/nothing/here")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "not_found"


def test_a_method_that_an_address_does_not_answer_is_told_which_ones_it_does(base_url: str) -> None:
    answer = ask(base_url, "DELETE", "/v1/orders")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "path", ["/v1/orders//stream", "//v1/orders", "/v1//orders/x/stream", "/%2e%2e/", "/v1/orders/%00"]
)
def test_a_crooked_address_is_not_found(base_url: str, path: str) -> None:
    answer = ask(base_url, "GET", path)
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text[:100]
    assert answer.status_code in (401, 404, 405)


def test_a_slash_too_many_is_no_matter(base_url: str) -> None:
    assert ask(base_url, "GET", "/health/").status_code == 200


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/openapi.json"])
def test_what_everybody_may_see(base_url: str, path: str) -> None:
    answer = ask(base_url, "GET", path)
    assert answer.status_code == 200, answer.text[:200]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_request_id_is_taken_or_made_and_a_traceparent_handed_on(base_url: str) -> None:
    traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = ask(base_url, "GET", "/health", headers={"X-Request-Id": "mine-1", "traceparent": traceparent})
    assert (answer.headers["X-Request-Id"], answer.headers["traceparent"]) == ("mine-1", traceparent)
    made = ask(base_url, "GET", "/health", headers={"X-Request-Id": "not a good id\u00e9".encode("latin-1")})
    assert made.headers["X-Request-Id"].startswith("req_")


def test_a_read_that_has_not_changed_costs_no_body(base_url: str, api: Client) -> None:
    first = ask(base_url, "GET", "/openapi.json")
    again = ask(base_url, "GET", "/openapi.json", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_metrics_are_for_the_platform_in_both_forms(base_url: str, world: World) -> None:
    world.an_order()
    headers = {"Authorization": f"Bearer {INTERNAL_TOKEN}"}
    text = ask(base_url, "GET", "/metrics", headers=headers)
    assert 'cloudrun_orders{status="created"} 1' in text.text
    samples = ask(base_url, "GET", "/v1/metrics", headers=headers).json()["metrics"]
    assert {"name": "cloudrun_orders", "labels": {"status": "created"}, "value": 1} in samples
    assert ask(base_url, "GET", "/metrics").status_code == 401
