"""Tasks: HTTP calls to make later, once per name."""
