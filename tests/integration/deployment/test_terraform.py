"""What terraform plans for production, against what the code declares: services, callers, and who may what."""

import json
from collections import defaultdict
from typing import Any

import pytest

from infra.manifest import load_declarations, load_jobs, manifest
from shared.kernel.deployment import Resource
from shared.queueing.queues import QUEUES

pytestmark = pytest.mark.timeout(900)

Plan = dict[str, Any]
Grant = tuple[str, str]

DATABASE = {("project", "roles/cloudsql.client")}
GRANTS: dict[Resource, set[Grant]] = {
    Resource.DATABASE: DATABASE | {("secret", "database-url")},
    Resource.SCHEMA: DATABASE | {("secret", "database-owner-url")},
    Resource.MESSAGES: {("topic", "order_events"), ("topic", "driver_events"), ("topic", "merchant_events")},
    Resource.TASKS: {("queue", "dispatch"), ("queue", "offers"), ("account", "call-tasks")},
    Resource.LIVE_READ: {("project", "roles/datastore.viewer")},
    Resource.LIVE_WRITE: {("project", "roles/datastore.user")},
    Resource.MAPS_READ: {("bucket", "market-test-maps roles/storage.objectViewer")},
    Resource.MAPS_WRITE: {("bucket", "market-test-maps roles/storage.objectUser")},
    Resource.ARCHIVE: {
        ("bucket", "market-test-archive roles/storage.objectCreator"),
        ("bucket", "market-test-archive roles/storage.objectViewer"),
    },
    Resource.LOG_KEYS: {("secret", "log-keys")},
    Resource.PAYMENTS: {("secret", "payments-key"), ("secret", "payments-webhook-key")},
    Resource.VERIFICATION: {("secret", "verification-key"), ("secret", "verification-webhook-key")},
    Resource.VAULT: {("key", "vault")},
    Resource.OPERATOR_PASSWORDS: {("secret", "admin-password"), ("secret", "support-password")},
}
"""What each use comes to on Google Cloud, and nothing besides."""

KINDS = {
    "google_project_iam_member": "project",
    "google_storage_bucket_iam_member": "bucket",
    "google_secret_manager_secret_iam_member": "secret",
    "google_pubsub_topic_iam_member": "topic",
    "google_cloud_tasks_queue_iam_member": "queue",
    "google_kms_crypto_key_iam_member": "key",
    "google_service_account_iam_member": "account",
}


def resources(plan: Plan, kind: str, module: str) -> list[Plan]:
    address = f"module.market.module.{module}"
    return [
        change
        for change in plan["resource_changes"]
        if change["type"] == kind and change.get("module_address") == address and change["mode"] == "managed"
    ]


def planned_grants(plan: Plan) -> dict[str, set[Grant]]:
    """By set of uses: everything that terraform would grant its account."""
    found: dict[str, set[Grant]] = defaultdict(set)
    for kind, on in KINDS.items():
        for change in resources(plan, kind, "identity"):
            profile, _, what = change["index"].partition(" ")
            found[profile].add((on, what or "call-tasks"))
    return found


def environment_of(plan: Plan, service: str) -> dict[str, str]:
    """Of one Cloud Run service; what is known only after an apply is left out."""
    [found] = [
        change["change"]["after"]
        for change in resources(plan, "google_cloud_run_v2_service", "functions")
        if change["index"] == service
    ]
    entries = found["template"][0]["containers"][0]["env"]
    return {entry["name"]: entry.get("value") or "" for entry in entries}


def output(plan: Plan, name: str) -> Any:
    return plan["planned_values"]["outputs"][name]["value"]


def test_each_account_is_granted_what_its_function_or_job_declares_and_nothing_else(production_plan: Plan) -> None:
    uses = {d.name.replace("_", "-"): d.uses for d in load_declarations()}
    uses |= {f"job {name}": job.uses for name, job in load_jobs().items() if job.on_cloud}
    profiles, grants = output(production_plan, "profiles"), planned_grants(production_plan)
    assert set(profiles) == set(uses)
    for workload, declared in uses.items():
        expected = set[Grant]().union(*(GRANTS[use] for use in declared))
        assert grants.get(profiles[workload], set()) == expected, workload


def test_accounts_are_shared_only_by_those_with_the_same_uses(production_plan: Plan) -> None:
    accounts, profiles = output(production_plan, "accounts"), output(production_plan, "profiles")
    assert len(set(accounts.values())) == len(set(profiles.values())) < 50
    assert all(6 <= len(account) <= 30 for account in accounts.values())


def test_no_role_is_granted_that_rules_over_others(production_plan: Plan) -> None:
    roles = {
        change["change"]["after"]["role"]
        for change in production_plan["resource_changes"]
        if change["type"].endswith("_iam_member")
    }
    assert len(roles) >= 10
    assert not [role for role in roles if role in ("roles/owner", "roles/editor") or "iam.securityAdmin" in role]


def test_every_function_is_one_service_as_it_declares_itself(production_plan: Plan) -> None:
    services = {
        change["index"]: change["change"]["after"]
        for change in resources(production_plan, "google_cloud_run_v2_service", "functions")
    }
    assert len(services) == len(load_declarations())
    for declaration in load_declarations():
        service = services[declaration.name.replace("_", "-")]
        [template] = service["template"]
        [container] = template["containers"]
        sizing = declaration.sizing
        assert template["max_instance_request_concurrency"] == sizing.concurrency
        assert template["timeout"] == f"{sizing.timeout_s}s"
        [scaling] = template["scaling"]
        assert (scaling["max_instance_count"], scaling["min_instance_count"] or 0) == (
            sizing.max_instances,
            sizing.min_instances,
        )
        environment = {entry["name"]: entry.get("value") for entry in container["env"]}
        assert environment["FUNCTION_TARGET"] == declaration.name
        assert environment["THREADS"] == str(sizing.concurrency)
        door = "INGRESS_TRAFFIC_INTERNAL_ONLY" if declaration.internal else "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
        assert service["ingress"] == door


def test_internal_functions_are_called_by_those_who_must_and_public_ones_by_no_account(production_plan: Plan) -> None:
    document = manifest()
    expected = {f"{s['function'].replace('_', '-')} push" for s in document["subscriptions"]}
    expected |= {f"{s['function'].replace('_', '-')} schedule" for s in document["schedules"]}
    expected |= {f"{name.replace('_', '-')} tasks" for queue in document["queues"] for name in queue["functions"]}
    planned = resources(production_plan, "google_cloud_run_v2_service_iam_member", "functions")
    assert {change["index"] for change in planned} == expected
    assert {change["change"]["after"]["role"] for change in planned} == {"roles/run.invoker"}
    told = {name: environment_of(production_plan, name) for name in {one.partition(" ")[0] for one in expected}}
    for name, environment in told.items():
        callers = [f"call-{one.partition(' ')[2]}" for one in expected if one.partition(" ")[0] == name]
        assert environment["PLATFORM"] == "google"
        assert {email.partition("@")[0] for email in environment["CALLERS"].split()} <= set(callers)


def test_every_task_has_an_address_to_go_to(production_plan: Plan) -> None:
    targets = json.loads(environment_of(production_plan, "tick")["TASK_TARGETS"])
    assert set(targets) == {path for queue in QUEUES for path in queue.paths}
    assert targets["/internal/dispatch/tick"].startswith("https://tick-")


def test_the_url_map_has_every_public_function_and_no_internal_one(production_plan: Plan) -> None:
    [url_map] = [
        change["change"]["after"]
        for change in resources(production_plan, "google_compute_url_map", "edge")
        if change["name"] == "market"
    ]
    [matcher] = url_map["path_matcher"]
    public = [declaration for declaration in load_declarations() if not declaration.internal]
    assert len(matcher["route_rules"]) == len(public)
    for rule, declaration in zip(matcher["route_rules"], public, strict=True):
        match = rule["match_rules"][0]
        assert match["header_matches"][0]["exact_match"] == declaration.method
        template = match["path_template_match"] or match["full_path_match"]
        assert template.count("/") == declaration.path.count("/")
        assert "internal" not in template
