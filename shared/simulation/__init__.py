"""Play public days of meal delivery against the dispatch engine, minute by minute, and measure what came out."""
