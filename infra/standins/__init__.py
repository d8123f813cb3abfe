"""HTTP stand-ins for vendors: enough of each for its own SDK, unchanged."""
