"""The road network as arrays: read from OpenStreetMap or made from generated streets, saved to and loaded from a file."""

from shared.routing.roads.generated import generated_roads
from shared.routing.roads.network import RoadGraph
from shared.routing.roads.osm import import_roads
from shared.routing.roads.store import UnreadableRoads, load_roads, save_roads

__all__ = ["RoadGraph", "UnreadableRoads", "generated_roads", "import_roads", "load_roads", "save_roads"]
