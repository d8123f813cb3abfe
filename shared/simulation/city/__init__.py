"""Cities that are made up: what people do is left to chance, who is offered what is decided by the live engine."""
