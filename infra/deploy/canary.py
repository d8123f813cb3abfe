"""`python -m infra.deploy.canary PROJECT REGION RELEASE`: give a release more and more traffic, or take it all back."""

import json
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.deploy import traffic
from infra.deploy.gcloud import gcloud
from infra.deploy.rollout import STEPS, Answers, Decision, Verdict, decide
from infra.deploy.traffic import Service

STEP = timedelta(minutes=5)
LOOKS = 3
"""How often a step is looked at again before too few answers must do."""

INGESTION = timedelta(minutes=3)
"""Cloud Monitoring shows a minute's counts this much later."""


def main() -> None:
    project, region, release = sys.argv[1:]
    moved = traffic.services(region, release)
    for percent in STEPS:
        print(f"{percent} % to {release} …", flush=True)
        began = datetime.now(UTC)
        traffic.share(region, moved, percent)
        decision = watch(project, moved, began)
        print(f"{decision.verdict}: {decision.reason}", flush=True)
        if decision.verdict is not Verdict.GO_ON:
            traffic.share(region, moved, 0)
            sys.exit(f"{release} is rolled back: {decision.reason}.")
    traffic.share(region, moved, 100)
    print(f"{release} has all the traffic.")


def watch(project: str, moved: list[Service], began: datetime) -> Decision:
    """Look after each step's time, again while there are too few answers."""
    time.sleep(INGESTION.total_seconds())
    for looks_left in range(LOOKS, -1, -1):
        time.sleep(STEP.total_seconds())
        old, new = counted(read_counts(project, began), {service.candidate for service in moved})
        decision = decide(old, new, patience_left=looks_left > 0)
        if decision.verdict is not Verdict.WAIT:
            break
    return decision


def counted(series: list[dict[str, Any]], candidates: set[str]) -> tuple[Answers, Answers]:
    """Answers of the revisions before and of the candidates, from Cloud Monitoring's time series."""
    totals: Counter[tuple[bool, bool]] = Counter()
    for one in series:
        new = one["resource"]["labels"]["revision_name"] in candidates
        failed = one["metric"]["labels"]["response_code_class"] == "5xx"
        totals[new, failed] += sum(int(point["value"]["int64Value"]) for point in one["points"])
    return (
        Answers(totals[False, False] + totals[False, True], totals[False, True]),
        Answers(totals[True, False] + totals[True, True], totals[True, True]),
    )


def read_counts(project: str, since: datetime) -> list[dict[str, Any]]:
    """Requests by revision and class of answer (monitoring.googleapis.com/v3, timeSeries.list)."""
    query = {
        "filter": 'metric.type="run.googleapis.com/request_count"',
        "interval.startTime": since.isoformat(),
        "interval.endTime": datetime.now(UTC).isoformat(),
        "aggregation.alignmentPeriod": "60s",
        "aggregation.perSeriesAligner": "ALIGN_DELTA",
    }
    found: list[dict[str, Any]] = []
    page: str | None = ""
    while page is not None:
        address = f"https://monitoring.googleapis.com/v3/projects/{project}/timeSeries?" + urllib.parse.urlencode(
            query | ({"pageToken": page} if page else {})
        )
        token = gcloud("auth", "print-access-token").strip()
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={"Authorization": f"Bearer {token}"})
        ) as answer:
            body = json.load(answer)
        found += body.get("timeSeries", ())
        page = body.get("nextPageToken")
    return found


if __name__ == "__main__":
    main()
