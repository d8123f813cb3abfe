"""What functions say they use is what their code reaches, and what they may grow to fits the database."""

import json
import re

import grimp
import pytest

from infra.manifest import DOCUMENT, load_declarations, load_jobs, manifest, render
from shared.http.declaration import Declaration
from shared.kernel.deployment import NOTHING, Resource
from shared.kernel.roles import Role

DECLARATIONS = load_declarations()
GRAPH = grimp.build_graph("functions", "jobs", "shared")

PRODUCTION = DOCUMENT.parent / "environments" / "prod" / "market.tf"

REACHED_BY = {
    Resource.PAYMENTS: "shared.wiring.payments",
    Resource.VERIFICATION: "shared.wiring.verification",
    Resource.ARCHIVE: "shared.wiring.evidence",
    Resource.LOG_KEYS: "shared.wiring.evidence",
    Resource.VAULT: "shared.wiring.vault",
}


def reached(declaration: Declaration) -> set[str]:
    return GRAPH.find_upstream_modules(declaration.handler.__module__)


def by_name(declaration: Declaration) -> str:
    return declaration.name


def test_the_committed_manifest_is_the_one_of_the_code() -> None:
    assert DOCUMENT.read_text() == render(), "run `cloudrun manifest --write`"


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=by_name)
def test_a_function_declares_the_vendors_and_stores_that_its_code_reaches(declaration: Declaration) -> None:
    modules = reached(declaration)
    for resource, module in REACHED_BY.items():
        assert (resource in declaration.uses) == (module in modules), f"{declaration.name} and {resource}"
    live = {Resource.LIVE_READ, Resource.LIVE_WRITE} & declaration.uses
    assert bool(live) == ("shared.wiring.live" in modules)
    if "shared.wiring.dispatch" in modules:
        assert Resource.MAPS_READ in declaration.uses


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=by_name)
def test_a_function_that_changes_what_others_hear_of_may_publish_and_no_other_may(declaration: Declaration) -> None:
    modules = reached(declaration)
    relays = declaration.name == "relay_outbox"
    publishes = relays or ("shared.storage.outbox" in modules and declaration.method != "GET")
    enqueues = relays or (publishes and "shared.queueing.queues" in modules)
    assert (Resource.MESSAGES in declaration.uses) == publishes
    assert (Resource.TASKS in declaration.uses) == enqueues


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=by_name)
def test_only_public_pages_do_without_the_database(declaration: Declaration) -> None:
    if Resource.DATABASE not in declaration.uses:
        assert declaration.roles == frozenset()
        assert "work" not in declaration.handler.__annotations__


def test_no_function_may_change_the_schema_or_read_passwords() -> None:
    granted = frozenset[Resource]().union(*(declaration.uses for declaration in DECLARATIONS))
    assert granted & {Resource.SCHEMA, Resource.OPERATOR_PASSWORDS, Resource.MAPS_WRITE} == NOTHING


def test_all_instances_at_their_most_leave_a_fifth_of_the_database_connections_free() -> None:
    entries = manifest()["functions"]
    needed = sum(entry["max_instances"] * entry["pool"] for entry in entries)
    [allowed] = re.findall(r"max_connections = (\d+)", PRODUCTION.read_text())
    assert 0 < needed <= 0.8 * int(allowed)


def test_more_specific_paths_come_first_in_the_manifest() -> None:
    """The URL map takes the first that matches."""
    for number, late in enumerate(DECLARATIONS):
        for early in DECLARATIONS[:number]:
            if early.method == late.method and early.pattern.match(late.path.replace("{", "").replace("}", "")):
                assert early.path == late.path or not late.pattern.match(early.path), f"{early.path} hides {late.path}"


def test_every_internal_function_is_called_by_the_broker_a_queue_or_the_schedule() -> None:
    document = json.loads(render())
    pushed = {subscription["function"] for subscription in document["subscriptions"]}
    queued = {name for queue in document["queues"] for name in queue["functions"]}
    scheduled = {schedule["function"] for schedule in document["schedules"]}
    assert not pushed & queued
    internal = {declaration.name for declaration in DECLARATIONS if declaration.roles == {Role.INTERNAL}}
    assert pushed | queued | scheduled == internal - {"metrics", "list_metrics"}


def test_only_jobs_touch_the_schema_and_a_simulation_stays_at_home() -> None:
    jobs = load_jobs()
    assert [name for name, job in jobs.items() if Resource.SCHEMA in job.uses] == ["migrate"]
    assert not jobs["simulate"].on_cloud
