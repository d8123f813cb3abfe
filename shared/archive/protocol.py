"""The port of the archive."""

from typing import Protocol


class AlreadyArchived(RuntimeError):
    """Another content is kept under this name, and an archive never changes what it keeps."""


class Archive(Protocol):
    """Names are paths with slashes, such as `tile/0/x001/067`. What `put` has returned for survives a crash."""

    def put(self, name: str, content: bytes) -> None:
        """Keep a file. The same file again is nothing new. Raises AlreadyArchived."""
        ...

    def get(self, name: str) -> bytes | None:
        """The file, or None when there is none of this name."""
        ...

    def exists(self, name: str) -> bool:
        """Whether a file of this name is kept, without fetching it."""
        ...
