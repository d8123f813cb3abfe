"""The streets on the map: a generated city when there is no map data, or an OpenStreetMap extract.

Both give one structure, ready to be written as GeoJSON (RFC 7946): a FeatureCollection with the extra members `generated`
and `attribution`. Properties of each feature: `class` (motorway, primary, secondary, residential, water, park) and `name`.
"""

from shared.routing.streets.city import generate
from shared.routing.streets.geojson import write_streets
from shared.routing.streets.osm import UnreadableExtract, import_osm

__all__ = ["UnreadableExtract", "generate", "import_osm", "write_streets"]
