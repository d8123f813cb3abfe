"""Travel times, routes and streets. Importing this package, or `geo`, loads no numpy."""
