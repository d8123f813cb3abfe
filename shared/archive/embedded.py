"""The archive of the one-machine platform: a folder."""

import os
import secrets
from pathlib import Path

from shared.archive.protocol import AlreadyArchived


class FolderArchive:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        file = self._folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}.draft")
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            # A link, unlike a rename, never replaces what is there.
            os.link(draft, file)
        except FileExistsError:
            if file.read_bytes() != content:
                raise AlreadyArchived(f"the archive keeps another {name}") from None
        finally:
            draft.unlink()

    def get(self, name: str) -> bytes | None:
        file = self._folder / name
        return file.read_bytes() if file.is_file() else None

    def exists(self, name: str) -> bool:
        return (self._folder / name).is_file()
