"""Who gets the traffic of each service: the revision that served before, and the candidate of this release."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from infra.deploy.gcloud import gcloud, gcloud_json

AT_ONCE = 10
TAG = "candidate"


@dataclass(frozen=True, slots=True)
class Service:
    """`before` is the revision that had most of the traffic when the release began."""

    name: str
    before: str
    candidate: str


def candidate_of(service: str, release: str) -> str:
    return f"{service}-{release}"


def read_service(described: dict[str, Any], release: str) -> Service:
    """From `gcloud run services describe`. Raises LookupError for a service that serves nothing yet."""
    name = described["metadata"]["name"]
    candidate = candidate_of(name, release)
    shares = {
        entry["revisionName"]: entry.get("percent", 0)
        for entry in described["status"].get("traffic", ())
        if entry["revisionName"] != candidate
    }
    if not shares:
        raise LookupError(f"the service {name} has no earlier revision to go back to")
    return Service(name, max(shares, key=lambda revision: shares[revision]), candidate)


def services(region: str, release: str) -> list[Service]:
    """Every service of the market in a region."""
    found = gcloud_json("run", "services", "list", f"--region={region}", "--filter=metadata.labels.flavour:*")
    return [read_service(described, release) for described in found]


def place(region: str, names: Iterable[str], image: str, release: str) -> None:
    """Make the candidate of each service, without traffic. Cloud Run answers when it has started."""
    in_parallel(
        lambda name: gcloud(
            "run", "services", "update", name, f"--region={region}", f"--image={image}", "--no-traffic",
            f"--tag={TAG}", f"--revision-suffix={release}",
        ),
        names,
    )  # fmt: skip


def share(region: str, moved: Iterable[Service], percent: int) -> None:
    """Give the candidates so much of the traffic, and the rest to those before."""

    def move(service: Service) -> None:
        shares = {service.candidate: percent, service.before: 100 - percent}
        split = ",".join(f"{revision}={part}" for revision, part in shares.items() if part)
        gcloud("run", "services", "update-traffic", service.name, f"--region={region}", f"--to-revisions={split}")

    in_parallel(move, moved)


def in_parallel(act: Callable[[Any], Any], items: Iterable[Any]) -> None:
    """Raises what the first failing one raised, after all were tried: no service is left between two states unseen."""
    with ThreadPoolExecutor(AT_ONCE) as executor:
        pending = [executor.submit(act, item) for item in items]
    for future in pending:
        future.result()
