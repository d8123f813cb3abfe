"""The archive in Cloud Storage: a bucket whose retention policy lets nobody change or delete what it keeps."""

from google.api_core.exceptions import NotFound, PreconditionFailed
from google.cloud.storage import Client

from shared.archive.protocol import AlreadyArchived

PATIENCE_S = 30.0


class BucketArchive:
    """`STORAGE_EMULATOR_HOST` leads to a stand-in instead of the service."""

    def __init__(self, project: str, bucket: str) -> None:
        self._bucket = Client(project=project).bucket(bucket)

    def put(self, name: str, content: bytes) -> None:
        try:
            self._bucket.blob(name).upload_from_string(
                content, "application/octet-stream", if_generation_match=0, timeout=PATIENCE_S
            )
        except PreconditionFailed:
            if self.get(name) != content:
                raise AlreadyArchived(f"the archive keeps another {name}") from None

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(self._bucket.blob(name).download_as_bytes(timeout=PATIENCE_S))
        except NotFound:
            return None

    def exists(self, name: str) -> bool:
        return bool(self._bucket.blob(name).exists(timeout=PATIENCE_S))
