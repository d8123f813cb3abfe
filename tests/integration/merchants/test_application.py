"""Becoming a merchant, and being reviewed."""

from tests.fixtures.http import Client, refused, taken
from tests.fixtures.shops import open_shop, store, tax_permit


def test_an_applicant_waits_for_review(api: Client) -> None:
    merchant = api.register("merchant")
    applied = taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor", "external_id": "LSV"}))
    assert applied["id"] == merchant.id
    assert applied["status"] == "applied"
    assert taken(merchant.get(f"/v1/merchants/{merchant.id}")) == applied


def test_applying_twice_changes_the_name_and_not_the_status(api: Client, admin: Client) -> None:
    merchant = api.register("merchant")
    taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor"}))
    taken(admin.post(f"/v1/admin/merchants/{merchant.id}/review", {"decision": "approve"}))
    again = taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor LLC"}))
    assert (again["name"], again["status"]) == ("Lone Star Vapor LLC", "approved")


def test_a_rejected_merchant_may_apply_again(api: Client, admin: Client) -> None:
    merchant = api.register("merchant")
    taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor"}))
    verdict = {"decision": "reject", "reason": "The sales-tax permit is not active."}
    rejected = taken(admin.post(f"/v1/admin/merchants/{merchant.id}/review", verdict))
    assert (rejected["status"], rejected["review_reason"]) == ("rejected", verdict["reason"])
    problem = refused(
        admin.post(f"/v1/admin/merchants/{merchant.id}/review", {"decision": "approve"}), 409, "review_not_possible"
    )
    assert (problem["current_status"], problem["allowed_decisions"]) == ("rejected", [])
    assert taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor"}))["status"] == "applied"


def test_only_an_administrator_reviews(api: Client) -> None:
    merchant = api.register("merchant")
    taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor"}))
    path = f"/v1/admin/merchants/{merchant.id}/review"
    for someone in (merchant, api.sign_in("support@cloudrun.localhost")):
        refused(someone.post(path, {"decision": "approve"}), 403, "forbidden")
    assert taken(merchant.get(f"/v1/merchants/{merchant.id}"))["status"] == "applied"


def test_there_is_nothing_to_review_of_a_merchant_that_never_applied(api: Client, admin: Client) -> None:
    merchant = api.register("merchant")
    refused(admin.post(f"/v1/admin/merchants/{merchant.id}/review", {"decision": "approve"}), 404, "not_found")
    refused(merchant.get(f"/v1/merchants/{merchant.id}"), 404, "not_found")
    refused(merchant.patch(f"/v1/merchants/{merchant.id}", {"name": "New"}), 404, "not_found")
    refused(merchant.post(f"/v1/merchants/{merchant.id}/stores", store()), 404, "not_found")
    refused(merchant.post(f"/v1/merchants/{merchant.id}/permits", tax_permit()), 404, "not_found")


def test_a_change_leaves_the_rest_as_it_was(api: Client) -> None:
    merchant = api.register("merchant")
    taken(merchant.post("/v1/merchants", {"name": "Lone Star Vapor", "external_id": "LSV"}))
    path = f"/v1/merchants/{merchant.id}"
    renamed = taken(merchant.patch(path, {"name": "Lone Star"}))
    assert (renamed["name"], renamed["external_id"]) == ("Lone Star", "LSV")
    assert taken(merchant.patch(path, {"external_id": None}))["external_id"] is None
    problem = refused(merchant.patch(path, {"name": None}), 422, "invalid_input")
    assert problem["errors"][0]["field"] == "body.name"


def test_another_merchant_finds_nothing(api: Client, admin: Client) -> None:
    shop, stranger = open_shop(api, admin), api.register("merchant")
    taken(stranger.post("/v1/merchants", {"name": "Stranger"}))
    for method, path, body in (
        ("GET", shop.path, None),
        ("PATCH", shop.path, {"name": "Mine"}),
        ("GET", f"{shop.path}/permits", None),
        ("POST", f"{shop.path}/permits", tax_permit()),
        ("GET", f"{shop.path}/stores", None),
        ("POST", f"{shop.path}/stores", store()),
        ("PATCH", f"{shop.path}/stores/{shop.store_id}", {"open": False}),
        ("GET", f"{shop.path}/products", None),
    ):
        refused(stranger.call(method, path, body=body), 404, "not_found")
    path = f"/v1/merchants/{stranger.id}/stores/{shop.store_id}"
    refused(stranger.patch(path, {"open": False}), 404, "not_found")


def test_an_administrator_acts_for_a_merchant(api: Client, admin: Client) -> None:
    shop = open_shop(api, admin)
    assert taken(admin.get(shop.path))["id"] == shop.merchant.id
    assert taken(admin.patch(f"{shop.path}/stores/{shop.store_id}", {"open": False}))["open"] is False
    assert "EC-1001" in [item["number"] for item in taken(admin.get(f"{shop.path}/permits"))["items"]]
