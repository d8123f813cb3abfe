"""Searches on a road network: customizable contraction, Dijkstra, and the one over turns."""
