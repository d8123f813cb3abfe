"""Asking a witness over HTTP: c2sp.org/tlog-witness."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from shared.dossier.checkpoint import VerifierKey
from shared.dossier.publication import OldSize, WitnessUnavailable
from shared.dossier.witness import write_request

TIMEOUT_S = 5.0
LONGEST_ANSWER = 16_384


@dataclass(frozen=True, slots=True)
class HttpWitness:
    url: str
    key: VerifierKey

    def add_checkpoint(self, old: int, proof: Sequence[bytes], note: str) -> str:
        """Raises OldSize, WitnessUnavailable."""
        body = write_request(old, proof, note).encode()
        try:
            with urlopen(Request(f"{self.url}/add-checkpoint", body, method="POST"), timeout=TIMEOUT_S) as answer:
                return str(answer.read(LONGEST_ANSWER).decode())
        except HTTPError as error:
            text = error.read(LONGEST_ANSWER).decode(errors="replace").strip()
            if error.code == 409 and text.isascii() and text.isdigit():
                raise OldSize(int(text)) from error
            raise WitnessUnavailable(f"{error.code}: {text}") from error
        except (URLError, OSError, UnicodeDecodeError) as error:
            raise WitnessUnavailable(str(error)) from error
