"""`python -m infra.deploy.rollback REGION RELEASE`: take all traffic from a release, back to what served before it."""

import sys

from infra.deploy import traffic


def main() -> None:
    region, release = sys.argv[1:]
    moved = traffic.services(region, release)
    traffic.share(region, moved, 0)
    print(f"{len(moved)} services are back where they were before {release}.")


if __name__ == "__main__":
    main()
