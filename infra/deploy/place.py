"""`python -m infra.deploy.place REGION IMAGE RELEASE`: put a release beside the one that serves, without traffic.

Jobs have no traffic: they take the image at once, but for the migration, which ran with it already.
"""

import sys

from infra.deploy import traffic
from infra.deploy.gcloud import gcloud, gcloud_json


def main() -> None:
    region, image, release = sys.argv[1:]
    names = [service.name for service in traffic.services(region, release)]
    print(f"Placing {release} beside what serves, in {len(names)} services …", flush=True)
    traffic.place(region, names, image, release)
    jobs = [job["metadata"]["name"] for job in gcloud_json("run", "jobs", "list", f"--region={region}")]
    traffic.in_parallel(
        lambda job: gcloud("run", "jobs", "update", job, f"--region={region}", f"--image={image}"), jobs
    )
    print(f"{len(names)} services and {len(jobs)} jobs have {release}; nobody is served by it yet.")


if __name__ == "__main__":
    main()
