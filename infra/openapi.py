"""`cloudrun openapi`: the OpenAPI 3.1 document, made of the same declarations that the router uses."""

import json
import re
from pathlib import Path
from typing import Any

from flask import Response
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from infra.manifest import load_declarations
from shared.http.declaration import Declaration

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"
References = dict[type[BaseModel], dict[str, Any]]
"""A model → `{"$ref": …}`."""

TEMPLATE = "#/components/schemas/{model}"

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "What to do next, for people."},
        "request_id": {"type": "string"},
        "allowed_actions": {"type": "array", "items": {"type": "string"}},
        "current_status": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

REFUSALS = {
    "400": "The body cannot be read.",
    "401": "No session, or one that has ended.",
    "403": "Signed in, but not with a role that may.",
    "404": "No such thing, or another tenant's.",
    "409": "Not possible in the present state; the problem says what is.",
    "422": "Fields are not valid; `errors` names them.",
    "429": "Too many requests; `Retry-After` says when to come back.",
}


def document() -> dict[str, Any]:
    """The whole API that clients call; the platform's internal functions are left out."""
    declarations = [
        d for d in load_declarations() if not d.internal and (d.process == "stream" or d.response is not Response)
    ]
    references, schemas = _schemas(declarations)
    paths: dict[str, dict[str, Any]] = {}
    for declaration in declarations:
        paths.setdefault(declaration.path, {})[declaration.method.lower()] = _operation(declaration, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "CloudRun",
            "version": "1",
            "description": "A marketplace for local delivery of age-restricted goods, with real-time dispatch. Money is in "
            "integer minor units, times are RFC 3339 in UTC, positions are WGS 84 degrees.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": PROBLEM},
            "securitySchemes": {
                "session": {"type": "http", "scheme": "bearer", "description": "The token of POST /v1/auth/login."}
            },
        },
    }


def render() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _schemas(declarations: list[Declaration]) -> tuple[References, dict[str, Any]]:
    """How each model is referred to, and the schemas of them and of all they are made of."""
    commands = {model for d in declarations if (model := d.command)} | {
        model for d in declarations if (model := d.query)
    }
    views = {d.response for d in declarations if _is_model(d.response)}
    wanted = [(model, "validation") for model in commands] + [(model, "serialization") for model in views]
    ordered = sorted(wanted, key=lambda pair: (pair[0].__name__, pair[0].__module__))
    references, definitions = models_json_schema(ordered, ref_template=TEMPLATE)  # type: ignore[arg-type]
    schemas: dict[str, Any] = definitions.get("$defs", {})
    return {model: schema for (model, _), schema in references.items()}, dict(sorted(schemas.items()))


def _operation(declaration: Declaration, references: References) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": declaration.name,
        "summary": declaration.summary,
        "tags": [_area(declaration.path)],
        "parameters": _parameters(declaration),
        "responses": _responses(declaration, references),
        "x-roles": sorted(declaration.roles) or ["public"],
    }
    if declaration.roles:
        operation["security"] = [{"session": []}]
    if declaration.command is not None:
        content = {"application/json": {"schema": references[declaration.command]}}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _parameters(declaration: Declaration) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", declaration.path)
    ]
    if declaration.query is not None:
        schema = declaration.query.model_json_schema(ref_template=TEMPLATE)
        required = set(schema.get("required", ()))
        for name, content in schema["properties"].items():
            found.append({"name": name, "in": "query", "required": name in required, "schema": content})
    if declaration.idempotency != "none":
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": declaration.idempotency == "required",
                "schema": {"type": "string", "maxLength": 255},
            }
        )
    return found


def _responses(declaration: Declaration, references: References) -> dict[str, Any]:
    problem = {"application/problem+json": {"schema": {"$ref": TEMPLATE.format(model="Problem")}}}
    responses: dict[str, Any] = {}
    if declaration.process == "stream":
        stream = {"text/event-stream": {"schema": {"type": "string"}}}
        responses["200"] = {
            "description": "Server-Sent Events; `Last-Event-ID` replays the last hour.",
            "content": stream,
        }
    elif _is_model(declaration.response):
        content = {"application/json": {"schema": references[declaration.response]}}
        responses[str(declaration.status)] = {"description": declaration.summary, "content": content}
        if declaration.pending is not None:
            responses["202"] = {"description": "Begun; it is finished elsewhere.", "content": content}
    else:
        responses["204" if declaration.response is type(None) else "200"] = {"description": declaration.summary}
    for status, meaning in REFUSALS.items():
        if _may_answer(declaration, status):
            responses[status] = {"description": meaning, "content": problem}
    return responses


def _may_answer(declaration: Declaration, status: str) -> bool:
    return {
        "400": declaration.command is not None,
        "401": bool(declaration.roles),
        "403": bool(declaration.roles),
        "404": "{" in declaration.path,
        "409": declaration.method != "GET",
        "422": declaration.command is not None or declaration.query is not None,
        "429": True,
    }[status]


def _area(path: str) -> str:
    parts = path.strip("/").split("/")
    return parts[1] if parts[0] == "v1" and len(parts) > 1 else "platform"


def _is_model(response: Any) -> bool:
    return isinstance(response, type) and issubclass(response, BaseModel)
