"""`python -m infra.deploy.scan IMAGE`: look for known weaknesses in an image; a critical one with a remedy stops the release."""

import sys
from typing import Any

from infra.deploy.gcloud import gcloud_json

STOPS = frozenset({"CRITICAL"})


def stopping(found: list[dict[str, Any]]) -> list[str]:
    """Names of those that stop a release, with the package and its mended version."""
    return sorted(
        f"{one['vulnerability']['shortDescription']} in {issue['affectedPackage']}, mended in "
        f"{issue['fixedVersion']['fullName']}"
        for one in found
        if one["vulnerability"]["effectiveSeverity"] in STOPS
        for issue in one["vulnerability"]["packageIssue"]
        if issue.get("fixedVersion", {}).get("kind") == "NORMAL"
    )


def main() -> None:
    [image] = sys.argv[1:]
    scan = gcloud_json("artifacts", "docker", "images", "scan", image, "--remote")["response"]["scan"]
    found = gcloud_json("artifacts", "docker", "images", "list-vulnerabilities", scan)
    stops = stopping(found)
    print("\n".join(stops) if stops else f"{len(found)} known weaknesses, none that stops a release.")
    sys.exit(bool(stops))


if __name__ == "__main__":
    main()
