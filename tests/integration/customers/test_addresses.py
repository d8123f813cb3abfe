"""A customer's places to deliver to."""

import pytest

from tests.fixtures.http import Client, refused, taken

HOME = {"label": "Home", "line": "1500 Marilla St, Dallas, TX 75201", "position": {"lat": 32.7763, "lng": -96.7969}}


@pytest.fixture
def shopper(api: Client) -> Client:
    return api.register("customer")


def test_an_address_is_kept_until_it_is_removed(shopper: Client) -> None:
    added = taken(shopper.post("/v1/customers/me/addresses", HOME))
    assert added == HOME | {"id": added["id"]}
    assert taken(shopper.get("/v1/customers/me/addresses")) == {"items": [added], "next_cursor": None}
    assert shopper.delete(f"/v1/customers/me/addresses/{added['id']}").status_code == 204
    assert taken(shopper.get("/v1/customers/me/addresses"))["items"] == []
    refused(shopper.delete(f"/v1/customers/me/addresses/{added['id']}"), 404, "not_found")


def test_nobody_sees_or_removes_another_customers_address(api: Client, shopper: Client) -> None:
    added = taken(shopper.post("/v1/customers/me/addresses", HOME))
    stranger = api.register("customer")
    assert taken(stranger.get("/v1/customers/me/addresses"))["items"] == []
    refused(stranger.delete(f"/v1/customers/me/addresses/{added['id']}"), 404, "not_found")
    assert len(taken(shopper.get("/v1/customers/me/addresses"))["items"]) == 1


def test_only_customers_have_addresses(api: Client) -> None:
    refused(api.register("driver").post("/v1/customers/me/addresses", HOME), 403, "forbidden")
    refused(api.post("/v1/customers/me/addresses", HOME), 401, "unauthenticated")


def test_a_repeated_key_adds_an_address_once(shopper: Client) -> None:
    first = shopper.post("/v1/customers/me/addresses", HOME, key="k-1")
    again = shopper.post("/v1/customers/me/addresses", HOME, key="k-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.get_data() == again.get_data()
    assert len(taken(shopper.get("/v1/customers/me/addresses"))["items"]) == 1
    refused(
        shopper.post("/v1/customers/me/addresses", HOME | {"label": "Work"}, key="k-1"), 422, "idempotency_key_reused"
    )


def test_pages_give_every_address_once_even_when_some_go_meanwhile(shopper: Client) -> None:
    ids = []
    for number in range(5):
        shopper.clock.advance(seconds=1)
        ids.append(taken(shopper.post("/v1/customers/me/addresses", HOME | {"label": f"Place {number}"}))["id"])
    first = taken(shopper.get("/v1/customers/me/addresses", limit=2))
    assert [item["id"] for item in first["items"]] == ids[:2]
    shopper.delete(f"/v1/customers/me/addresses/{ids[1]}")
    second = taken(shopper.get("/v1/customers/me/addresses", limit=2, cursor=first["next_cursor"]))
    assert [item["id"] for item in second["items"]] == ids[2:4]
    third = taken(shopper.get("/v1/customers/me/addresses", limit=2, cursor=second["next_cursor"]))
    assert [item["id"] for item in third["items"]] == ids[4:]
    assert third["next_cursor"] is None


def test_a_cursor_that_no_list_gave_is_refused(shopper: Client) -> None:
    for cursor in ("?", "AA", "AAAA", "Zm9v\u00e9", "x" * 201):
        problem = refused(shopper.get("/v1/customers/me/addresses", cursor=cursor), 422, "invalid_input")
        assert problem["errors"][0]["field"] == "query.cursor", cursor


def test_every_wrong_field_is_named(shopper: Client) -> None:
    for change, field in (
        ({"position": {"lat": 91, "lng": 0}}, "body.position.lat"),
        ({"position": {"lat": 0, "lng": -180.5}}, "body.position.lng"),
        ({"position": None}, "body.position"),
        ({"label": ""}, "body.label"),
        ({"line": "x" * 301}, "body.line"),
        ({"postcode": "75201"}, "body.postcode"),
    ):
        problem = refused(shopper.post("/v1/customers/me/addresses", HOME | change), 422, "invalid_input")
        assert [error["field"] for error in problem["errors"]] == [field]
