"""OSRM over HTTP: http://project-osrm.org/docs/v5.24.0/api/."""

from shared.routing.osrm.router import OsrmRouter

__all__ = ["OsrmRouter"]
