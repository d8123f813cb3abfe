"""Health, metrics and the API reference."""
