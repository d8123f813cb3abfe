"""The loops that assign drivers, and what ends an offer."""
