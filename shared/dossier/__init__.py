"""The evidence of an order: canonical events in a hash chain that anyone can recompute."""
