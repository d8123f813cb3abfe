"""A server on this machine that speaks OSRM's HTTP API, answering from a router of ours.

It is as strict as OSRM: lng,lat order, one radius per coordinate, no more coordinates than `--max-table-size`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from shared.routing.protocol import Floats, Router

MAX_TABLE = 100


class Refusal(Exception):
    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message


@dataclass
class StandIn:
    """The server's settings and what it was asked. `faults` are used up one a request; then it is well."""

    router: Router
    middle: tuple[float, float]
    """Points further than their radius of this place (lat, lng) plus `extent_m` have no road."""
    extent_m: float = 50_000.0
    url: str = ""
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    slow_s: float = 1.0

    def answer(self, address: str) -> dict[str, Any]:
        parts = urlsplit(address)
        _, service, _, profile, coordinates = parts.path.split("/")
        options = {key: value[0] for key, value in parse_qs(parts.query).items()}
        points = np.array([[float(part) for part in pair.split(",")] for pair in coordinates.split(";")])[:, ::-1]
        if profile != "driving":
            raise Refusal("InvalidUrl", "URL string malformed")
        self._check(points, options)
        return self._table(points, options) if service == "table" else self._route(points)

    def _check(self, points: Floats, options: dict[str, str]) -> None:
        radiuses = [float(radius) for radius in options.get("radiuses", "").split(";") if radius]
        if radiuses and len(radiuses) != len(points):
            raise Refusal("InvalidOptions", "Number of radiuses does not match the number of coordinates.")
        if len(points) > MAX_TABLE:
            raise Refusal("TooBig", "Too many table coordinates")
        if np.any(np.abs(points[:, 0]) > 90) or np.any(np.abs(points[:, 1]) > 180):
            raise Refusal("InvalidValue", "Invalid coordinate value.")
        away = 111_195.0 * np.hypot(*(points - self.middle).T)
        for number, metres in enumerate(away.tolist()):
            if radiuses and metres > self.extent_m + radiuses[number]:
                raise Refusal("NoSegment", f"Could not find a matching segment for coordinate {number}")

    def _table(self, points: Floats, options: dict[str, str]) -> dict[str, Any]:
        sources = [int(number) for number in options["sources"].split(";")]
        targets = [int(number) for number in options["destinations"].split(";")]
        seconds = self.router.times(points[sources], points[targets])
        return {"code": "Ok", "durations": np.round(seconds, 1).tolist(), "sources": [], "destinations": []}

    def _route(self, points: Floats) -> dict[str, Any]:
        legs = [self.router.route(points[at : at + 2]) for at in range(len(points) - 1)]
        return {"code": "Ok", "waypoints": [], "routes": [{
            "distance": sum(leg.distance_m for leg in legs), "duration": sum(leg.duration_s for leg in legs),
            "geometry": {"type": "LineString", "coordinates": [[lng, lat] for leg in legs for lat, lng in leg.geometry]},
            "legs": [{"steps": [
                {"name": "Main Street", "distance": leg.distance_m, "duration": leg.duration_s,
                 "maneuver": {"type": "depart", "bearing_after": 90, "location": leg.geometry[0][::-1]}},
                {"name": "Main Street", "distance": 0, "duration": 0,
                 "maneuver": {"type": "arrive", "location": leg.geometry[-1][::-1]}},
            ]} for leg in legs],
        }]}  # fmt: skip


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stand_in.asked.append(self.path)
            fault = stand_in.faults.pop(0) if stand_in.faults else ""
            if fault == "hang up":
                self.close_connection = True
                return
            if fault == "slow":
                time.sleep(stand_in.slow_s)
            self._send(*self._answer(fault))
            self.close_connection = fault == "last"

        def _answer(self, fault: str) -> tuple[int, bytes]:
            if fault.isdigit():
                return int(fault), b'{"code": "Oops", "message": "it hurts"}'
            if fault.startswith("body "):
                return 200, fault.removeprefix("body ").encode()
            try:
                if fault.startswith("code "):
                    raise Refusal(fault.removeprefix("code "), "as asked for")
                return 200, json.dumps(stand_in.answer(self.path)).encode()
            except Refusal as refusal:
                return 400, json.dumps({"code": refusal.code, "message": refusal.message}).encode()

        def _send(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=UTF-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the console."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stand_in.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
