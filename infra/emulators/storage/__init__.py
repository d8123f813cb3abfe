"""A stand-in for Cloud Storage: the part of its JSON API with which objects are put once and read."""

from infra.emulators.storage.server import Running, start

__all__ = ["Running", "start"]
