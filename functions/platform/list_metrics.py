"""GET /v1/metrics: what waits and how much happened, as JSON."""

from shared.http.declaration import INTERNAL
from shared.http.endpoint import endpoint
from shared.kernel.wire import View
from shared.operations.metrics import read
from shared.storage.work import Work


class SampleView(View):
    name: str
    labels: dict[str, str]
    value: int


class MetricsView(View):
    metrics: list[SampleView]


@endpoint("GET", "/v1/metrics", roles=INTERNAL)
def list_metrics(work: Work) -> MetricsView:
    return MetricsView(
        metrics=[SampleView(name=sample.name, labels=sample.labels, value=sample.value) for sample in read(work)]
    )
