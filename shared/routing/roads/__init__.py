"""The road network as arrays: read from OpenStreetMap (`osm`) or made from generated streets (`generated`), saved to and loaded
from a file. Those two are imported where networks are made, not where they are driven on."""

from shared.routing.roads.network import RoadGraph
from shared.routing.roads.store import UnreadableRoads, load_roads, save_roads

__all__ = ["RoadGraph", "UnreadableRoads", "load_roads", "save_roads"]
