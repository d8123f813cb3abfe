"""`cloudrun manifest`: every function's declaration, read from the function files themselves."""

import importlib
import pkgutil
from functools import cache
from typing import Any

import functions
from shared.http.declaration import Declaration
from shared.http.endpoint import Endpoint


@cache
def load_functions() -> tuple[Endpoint, ...]:
    """Import every function file and give what it exports, in the order of paths and methods."""
    found: dict[str, Endpoint] = {}
    for module in pkgutil.walk_packages(functions.__path__, "functions."):
        if module.ispkg:
            continue
        name = module.name.rpartition(".")[2]
        function = getattr(importlib.import_module(module.name), name)
        found[function.declaration.route] = function
    return tuple(sorted(found.values(), key=lambda function: (function.declaration.path, function.declaration.method)))


def load_declarations() -> tuple[Declaration, ...]:
    return tuple(function.declaration for function in load_functions())


def manifest() -> list[dict[str, Any]]:
    """What Terraform and the gateway need to know, one entry per function."""
    return [
        {
            "name": declaration.name,
            "source": declaration.handler.__module__.replace(".", "/") + ".py",
            "method": declaration.method,
            "path": declaration.path,
            "summary": declaration.summary,
            "roles": sorted(declaration.roles) or ["public"],
            "owner": declaration.owner,
            "idempotency": declaration.idempotency,
            "process": declaration.process,
            "flavour": "asgi" if declaration.process == "stream" else "wsgi",
        }
        for declaration in load_declarations()
    ]
