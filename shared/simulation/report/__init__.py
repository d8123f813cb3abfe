"""One self-contained HTML page about what was played: figures, charts and a moving map; no network."""
