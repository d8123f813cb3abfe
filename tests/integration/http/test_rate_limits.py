"""Who calls too often is told so, and when to come back; nobody else feels it."""

from shared.http.admission import RATE_LIMITS, RATE_WINDOW
from tests.fixtures.http import Client, refused, taken
from tests.fixtures.world import World


def exhaust(api: Client) -> None:
    left = int(api.post("/v1/auth/login", {}).headers["RateLimit-Remaining"])
    for _ in range(left):
        refused(api.post("/v1/auth/login", {}), 422, "invalid_input")


def test_the_limit_is_told_before_it_is_reached_and_when_it_is(api: Client) -> None:
    first = api.post("/v1/auth/login", {})
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == (
        str(RATE_LIMITS["auth"]),
        str(RATE_LIMITS["auth"] - 1),
    )
    exhaust(api)
    answer = api.post("/v1/auth/login", {})
    problem = refused(answer, 429, "rate_limited")
    assert int(answer.headers["Retry-After"]) == problem["retry_after_s"] <= RATE_WINDOW.total_seconds() + 1


def test_after_the_window_the_caller_is_welcome_again(api: Client) -> None:
    exhaust(api)
    refused(api.post("/v1/auth/login", {}), 429, "rate_limited")
    api.clock.advance(seconds=RATE_WINDOW.total_seconds())
    refused(api.post("/v1/auth/login", {}), 422, "invalid_input")


def test_a_limit_is_per_caller_and_group(world: World) -> None:
    exhaust(world.api)
    taken(world.customer.get("/v1/auth/session"))
    taken(world.api.get(f"/v1/track/{world.an_order()['tracking_id']}"))
