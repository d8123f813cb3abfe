"""`cloudrun manifest`: every function, job, topic, queue and schedule, read from the code that declares them.

The committed `terraform/manifest.json` is what Terraform deploys and what a container reads to find its function.
"""

import importlib
import json
import pkgutil
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import functions
import jobs
from shared.http.declaration import Declaration
from shared.http.endpoint import Endpoint
from shared.kernel.deployment import JobDeployment, Resource
from shared.messaging.topics import SUBSCRIPTIONS
from shared.queueing.queues import QUEUES, Queue
from shared.queueing.schedule import SCHEDULE
from shared.storage.outbox import TOPICS

DOCUMENT = Path(__file__).resolve().parents[1] / "terraform" / "manifest.json"


@cache
def load_functions() -> tuple[Endpoint, ...]:
    """Import every function file and give what it exports, in the order of paths and methods.

    A literal segment comes before a placeholder in that order, since `{` sorts behind every letter.
    """
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


def load_jobs() -> dict[str, JobDeployment]:
    """What each file in `jobs/` asks of the cloud, by its name; a file that says nothing gets the defaults."""
    names = sorted(module.name for module in pkgutil.iter_modules(jobs.__path__))
    return {name: getattr(importlib.import_module(f"jobs.{name}"), "DEPLOYMENT", JobDeployment()) for name in names}


def manifest() -> dict[str, Any]:
    """Everything that is deployed, as plain data."""
    return {
        "functions": [_function(declaration) for declaration in load_declarations()],
        "jobs": [_job(name, job) for name, job in load_jobs().items() if job.on_cloud],
        "topics": list(TOPICS),
        "subscriptions": [
            {
                "name": s.name.replace(".", "-"),
                "topic": s.topic,
                "function": s.consumer,
                "path": s.path,
                "types": s.types,
            }
            for s in SUBSCRIPTIONS
        ],
        "queues": [_queue(queue) for queue in QUEUES],
        "schedules": [
            {"function": _named(path).name, "path": path, "cron": cron(minutes)} for path, minutes in SCHEDULE
        ],
    }


def render() -> str:
    return json.dumps(manifest(), indent=2, ensure_ascii=False) + "\n"


def cron(minutes: int) -> str:
    """Every so many minutes, in cron's five fields."""
    return {1: "* * * * *", 60: "0 * * * *"}.get(minutes, f"*/{minutes} * * * *")


def _function(declaration: Declaration) -> dict[str, Any]:
    sizing = declaration.sizing
    database = Resource.DATABASE in declaration.uses
    return {
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
        "internal": declaration.internal,
        "uses": sorted(declaration.uses),
        "concurrency": sizing.concurrency,
        "pool": sizing.connections_per_instance if database else 0,
        "min_instances": sizing.min_instances,
        "max_instances": sizing.max_instances,
        "cpu": sizing.cpu,
        "memory_mib": sizing.memory_mib,
        "timeout_s": sizing.timeout_s,
    }


def _job(name: str, job: JobDeployment) -> dict[str, Any]:
    return {
        "name": name,
        "uses": sorted(job.uses),
        "cpu": job.cpu,
        "memory_mib": job.memory_mib,
        "timeout_s": job.timeout_s,
        "schedule": job.schedule,
    }


def _queue(queue: Queue) -> dict[str, Any]:
    entry = asdict(queue)
    return {"name": entry.pop("name"), "functions": [_named(path).name for path in entry.pop("paths")], **entry}


def _named(path: str) -> Declaration:
    """Raises LookupError for a path that no function answers."""
    for declaration in load_declarations():
        if declaration.route == f"POST {path}":
            return declaration
    raise LookupError(f"the platform is to call {path}, which no function answers")
