"""`cloudrun witness` and `cloudrun log`: keys, and the witness until Ctrl-C."""

import json
import signal
import sys
import threading
from collections import defaultdict
from pathlib import Path

from infra.witness.memory import Memory
from infra.witness.server import serve
from shared.dossier.checkpoint import MalformedKey, Signer, VerifierKey


def make_key(name: str, file: Path) -> int:
    """Write a new private key, readable by its owner alone, and print the public one. Never overwrites."""
    try:
        signer = Signer.generate(name)
        file.touch(0o600, exist_ok=False)
    except MalformedKey as error:
        print(f"{name} cannot name a key: {error}.", file=sys.stderr)
        return 1
    except FileExistsError:
        print(f"{file} is there already, and a key is never overwritten. Choose another file.", file=sys.stderr)
        return 1
    file.write_text(signer.secret() + "\n")
    print(signer.verifier)
    return 0


def show_key(data_dir: Path) -> int:
    """Print the public key of the local market's log, which `cloudrun verify` asks for."""
    secrets = data_dir / "secrets.json"
    if not secrets.exists():
        print(f"There is no market in {data_dir}. `make run` starts one.", file=sys.stderr)
        return 1
    print(Signer.parse(json.loads(secrets.read_text())["log_key"]).verifier)
    return 0


def run(key_file: Path, memory_file: Path, log_keys: list[str], host: str, port: int) -> int:
    """Serve until a signal; the exit code."""
    logs: dict[str, list[VerifierKey]] = defaultdict(list)
    try:
        signer = Signer.parse(key_file.read_text().strip())
        for text in log_keys:
            key = VerifierKey.parse(text)
            logs[key.name].append(key)
    except (OSError, MalformedKey) as error:
        print(f"The witness cannot start: {error}.", file=sys.stderr)
        return 1
    memory = Memory(memory_file)
    server = serve(host, port, signer, logs, memory)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"Witness {signer.verifier} on {host}:{server.server_address[1]}, memory {memory_file}", flush=True)
    server.serve_forever()
    server.server_close()
    memory.close()
    return 0
