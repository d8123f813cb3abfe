"""What is written from the code is not stale, and every function is whole."""

import json
from pathlib import Path

import pytest

from infra import compliance, openapi, states
from infra.manifest import load_functions
from shared.compliance.law import RULES
from shared.compliance.requirements import Gate
from shared.http.declaration import Declaration

ROOT = Path(__file__).resolve().parents[2]
DECLARATIONS = [function.declaration for function in load_functions()]


def test_the_committed_openapi_document_is_the_one_of_the_code() -> None:
    assert openapi.DOCUMENT.read_text() == openapi.render(), "run `cloudrun openapi --write`"


def test_the_committed_page_of_states_is_the_one_of_the_code() -> None:
    assert states.PAGE.read_text() == states.render(), "run `cloudrun states --write`"


def test_the_committed_page_of_the_law_is_the_one_of_the_code() -> None:
    assert compliance.PAGE.read_text() == compliance.render(), "run `cloudrun policy table --write`"


def test_every_row_of_the_law_is_shown_to_hold_by_a_test_and_every_gate_says_what_it_keeps() -> None:
    assert set(compliance.tests_of_rules()) == {rule.rule_id for rule in RULES}
    assert set(compliance.GATES) == set(Gate)


def test_the_openapi_document_is_sound() -> None:
    document = json.loads(openapi.render())
    assert document["openapi"].startswith("3.1")
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    schemas = document["components"]["schemas"]
    for reference in references(document):
        assert reference.removeprefix("#/components/schemas/") in schemas


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [found for value in node.values() for found in references(value)]
    return [found for value in node for found in references(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("declaration", DECLARATIONS, ids=lambda declaration: declaration.name)
def test_a_function_is_found_where_its_name_says_and_says_what_it_does(declaration: Declaration) -> None:
    file = Path(declaration.handler.__code__.co_filename)
    assert file.stem == declaration.name
    assert declaration.summary, f"{file} begins with a docstring `METHOD /path: what it does`"
    first_line = file.read_text().partition("\n")[0]
    assert first_line.startswith(f'"""{declaration.method} {declaration.path}')


def test_no_two_functions_answer_the_same_request() -> None:
    routes = [declaration.route for declaration in DECLARATIONS]
    assert len(set(routes)) == len(routes)


def test_a_function_file_stays_short() -> None:
    for declaration in DECLARATIONS:
        file = Path(declaration.handler.__code__.co_filename)
        assert len(file.read_text().splitlines()) <= 83, f"{file.relative_to(ROOT)} says too much: move a rule out"
