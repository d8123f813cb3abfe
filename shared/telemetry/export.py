"""Spans and measurements over OTLP, when `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; OpenTelemetry loads only then."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from shared.telemetry import trace

DURATION = "http.server.request.duration"
"""Seconds; semantic conventions of OpenTelemetry for HTTP servers, 1.23."""


class Served:
    """One request: `traceparent` is what its function is to follow; set `status` before the end."""

    def __init__(self, traceparent: str | None) -> None:
        self.traceparent = traceparent
        self.status = 500


class Exporter:
    """Sends in the background, and what is left when the process ends."""

    def __init__(self, service: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": service})
        spans = TracerProvider(resource=resource)
        spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = spans.get_tracer("cloudrun")
        meters = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource=resource)
        self._duration = meters.get_meter("cloudrun").create_histogram(DURATION, unit="s")

    @contextmanager
    def serving(self, function: str, method: str, route: str, traceparent: str | None) -> Iterator[Served]:
        from opentelemetry.trace import SpanKind, Status, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        parent = TraceContextTextMapPropagator().extract({trace.HEADER: traceparent} if traceparent else {})
        described = {"http.request.method": method, "http.route": route, "faas.name": function}
        started = time.perf_counter()
        with self._tracer.start_as_current_span(f"{method} {route}", parent, SpanKind.SERVER, described) as span:
            context = span.get_span_context()
            sampled = bool(context.trace_flags.sampled)
            own = trace.TraceContext(f"{context.trace_id:032x}", f"{context.span_id:016x}", sampled)
            served = Served(own.header())
            yield served
            span.set_attribute("http.response.status_code", served.status)
            if served.status >= 500:
                span.set_status(Status(StatusCode.ERROR))
        self._duration.record(time.perf_counter() - started, described | {"http.response.status_code": served.status})


@cache
def exporter() -> Exporter | None:
    """None when no collector is named."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    return Exporter(os.environ.get("K_SERVICE", "cloudrun"))


@contextmanager
def serving(function: str, method: str, route: str, traceparent: str | None) -> Iterator[Served]:
    """Around the serving of one request."""
    chosen = exporter()
    if chosen is None:
        yield Served(traceparent)
    else:
        with chosen.serving(function, method, route, traceparent) as served:
            yield served
