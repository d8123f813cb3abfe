"""`cloudrun job import_roads [FILE.osm.pbf]`: the streets that maps draw, from an extract or generated, into STREETS_FILE."""

import gzip
import json
import os
import sys
from pathlib import Path

from shared.routing.streets import UnreadableExtract, generate, import_osm


def main() -> None:
    """Ends with a sentence when the extract cannot be used."""
    target = Path(os.environ.get("STREETS_FILE", ".cloudrun/streets.geojson.gz"))
    if len(sys.argv) > 1:
        print(f"Importing streets from {sys.argv[1]} …", flush=True)
        try:
            streets = import_osm(Path(sys.argv[1]))
        except UnreadableExtract as error:
            sys.exit(str(error))
    else:
        print("Generating a street network …", flush=True)
        streets = generate()
    size = write_streets(streets, target)
    print(f"{len(streets['features'])} features, {size // 1024} KiB, in {target}. {streets['attribution']}")


def write_streets(streets: object, target: Path) -> int:
    """Write compressed, all at once. Gives the number of bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    partial.write_bytes(gzip.compress(json.dumps(streets, separators=(",", ":")).encode(), mtime=0))
    partial.replace(target)
    return target.stat().st_size
