"""The container's entry point: serves its functions, answers probes, finishes what it began, and leaves with 0."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shared.storage.connection import Connection, close
from tests.fixtures.container import ROOT, serving

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def environment(database: str) -> dict[str, str]:
    return {"DATABASE_URL": database, "INTERNAL_TOKEN": "token", "GOOGLE_CLOUD_PROJECT": "market-test"}


def test_a_request_in_flight_is_answered_after_sigterm_and_the_process_ends_with_0(
    environment: dict[str, str], tmp_path: Path
) -> None:
    blocker = Connection(environment["DATABASE_URL"])
    with serving("ready", environment, tmp_path / "log") as container, ThreadPoolExecutor(1) as background:
        blocker.command("BEGIN")
        blocker.command("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")
        answer = background.submit(container.get, "/health/ready")
        wait_for_a_lock(environment["DATABASE_URL"])
        container.terminate()
        with pytest.raises(TimeoutError):
            answer.result(timeout=0.5)
        blocker.command("ROLLBACK")
        close(blocker)
        status, body = answer.result(timeout=30)
        assert (status, body["status"]) == (200, "ready")
        assert container.exit_code() == 0


def test_a_stream_is_let_go_and_the_process_ends_with_0(environment: dict[str, str], tmp_path: Path) -> None:
    with serving("stream_order", environment, tmp_path / "log") as container:
        status, body = container.get("/v1/orders/ord_x/stream")
        assert (status, body["code"]) == (401, "unauthenticated")
        container.terminate()
        assert container.exit_code() == 0
    routes = [entry["httpRequest"]["requestUrl"] for entry in container.log_entries() if "httpRequest" in entry]
    assert routes == ["/v1/orders/{order_id}/stream"]


def test_functions_that_share_a_service_are_told_apart_by_path_and_method(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with serving("list_stores,get_store,ready", environment, tmp_path / "log") as container:
        assert container.get("/v1/stores?lat=32.78&lng=-96.8") == (200, {"items": [], "next_cursor": None})
        assert container.get("/v1/stores/sto_none")[1]["code"] == "not_found"
        assert container.get("/health/ready")[0] == 200
        assert container.get("/v1/orders/ord_x")[0] == 404


def test_a_log_line_tells_cloud_logging_the_trace_and_the_route_but_no_id_and_no_address(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with serving("get_store", environment, tmp_path / "log") as container:
        container.get("/v1/stores/sto_secret?name=alex", headers={"traceparent": TRACEPARENT})
    [entry] = [entry for entry in container.log_entries() if "httpRequest" in entry]
    assert entry["severity"] == "INFO"
    assert entry["function"] == "get_store"
    assert entry["httpRequest"]["requestUrl"] == "/v1/stores/{store_id}"
    assert entry["logging.googleapis.com/trace"] == "projects/market-test/traces/4bf92f3577b34da6a3ce929d0e0e4736"
    assert entry["logging.googleapis.com/trace_sampled"] is True
    told = (tmp_path / "log").read_text()
    assert "sto_secret" not in told
    assert "alex" not in told


def test_a_probe_needs_no_database(environment: dict[str, str], tmp_path: Path) -> None:
    away = environment | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    with serving("get_order", away, tmp_path / "log") as container:
        assert container.get("/health") == (200, {"status": "ok"})


class Collector(HTTPServer):
    """Takes what is sent over OTLP, by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiving)
        self.received: dict[str, bytes] = {}


class Receiving(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received[self.path] = self.server.received.get(self.path, b"") + body
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing: pytest's output is no place for it."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_spans_and_measurements_reach_the_collector_before_the_process_ends(
    environment: dict[str, str], tmp_path: Path, collector: Collector
) -> None:
    address = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}", "K_SERVICE": "ready"}
    with serving("ready", environment | address, tmp_path / "log") as container:
        assert container.get("/health/ready", headers={"traceparent": TRACEPARENT})[0] == 200
        container.terminate()
        assert container.exit_code() == 0
    assert b"GET /health/ready" in collector.received["/v1/traces"]
    assert bytes.fromhex("4bf92f3577b34da6a3ce929d0e0e4736") in collector.received["/v1/traces"]
    assert b"http.server.request.duration" in collector.received["/v1/metrics"]


@pytest.mark.parametrize(
    ("target", "says"),
    [("", "FUNCTION_TARGET is not set"), ("nothing", "names nothing"), ("ready,stream_order", "mixes streams")],
)
def test_a_container_that_cannot_serve_says_why(target: str, says: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "infra.serving"],
        cwd=ROOT,
        env={"FUNCTION_TARGET": target},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert says in ended.stderr


def test_nothing_of_opentelemetry_is_loaded_without_a_collector() -> None:
    script = (
        "import sys; from shared.telemetry import export\n"
        "with export.serving('f', 'GET', '/', None) as served: pass\n"
        "import infra.serving.wsgi\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'sqlalchemy', 'grpc', 'google.api_core'))])"
    )
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env={}, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def wait_for_a_lock(url: str) -> None:
    """Until some statement waits for a lock."""
    watcher = Connection(url)
    while not watcher.fetch("SELECT 1 AS waits FROM pg_locks WHERE NOT granted"):
        pass
    close(watcher)
