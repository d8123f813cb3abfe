"""`python -m infra.deploy.smoke https://market.example.com`: ask a running market what any visitor could. Changes nothing."""

import json
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

TIMEOUT_S = 20


@dataclass(frozen=True, slots=True)
class Check:
    """`code` is the problem's, when the answer must be one."""

    says: str
    method: str
    path: str
    status: int
    code: str | None = None


CHECKS = (
    Check("it answers", "GET", "/health", 200),
    Check("its database has the schema", "GET", "/health/ready", 200),
    Check("it describes itself", "GET", "/openapi.json", 200),
    Check("visitors see stores", "GET", "/v1/stores?lat=32.78&lng=-96.80", 200),
    Check("visitors learn whether they are served", "GET", "/v1/serviceability?lat=32.78&lng=-96.80", 200),
    Check("bad input is told so", "GET", "/v1/stores?lat=north", 422, "invalid_input"),
    Check("strangers do not order", "POST", "/v1/orders", 401, "unauthenticated"),
    Check("strangers do not operate", "GET", "/v1/admin/dashboard?region_id=dfw", 401, "unauthenticated"),
    Check("nothing else is there", "GET", "/v1/no-such-thing", 404, "not_found"),
)


def run(base_url: str) -> list[str]:
    """What is wrong, one sentence each; nothing when all is well."""
    return [trouble for check in CHECKS if (trouble := examine(base_url.rstrip("/"), check))]


def examine(base_url: str, check: Check) -> str | None:
    try:
        status, body = ask(check.method, base_url + check.path)
    except (OSError, ValueError) as error:
        return f"{check.says}: {check.method} {check.path} gave no answer ({error})"
    code = body.get("code") if isinstance(body, dict) else None
    if status != check.status or (check.code and code != check.code):
        wanted = f"{check.status} {check.code or ''}".strip()
        return f"{check.says}: {check.method} {check.path} gave {status} {code or ''}, not {wanted}"
    return None


def ask(method: str, url: str) -> tuple[int, Any]:
    """(status, JSON). Raises OSError, ValueError."""
    body = b"{}" if method == "POST" else None
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


def main() -> None:
    [base_url] = sys.argv[1:]
    troubles = run(base_url)
    print("\n".join(troubles) if troubles else f"{base_url}: all {len(CHECKS)} checks are well.")
    sys.exit(bool(troubles))


if __name__ == "__main__":
    main()
