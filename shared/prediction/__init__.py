"""Models that learn from what happened: who accepts an offer, and by how much a model may be trusted."""
