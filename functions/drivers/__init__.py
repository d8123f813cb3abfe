"""A driver: profile, documents, shifts, position, work."""
