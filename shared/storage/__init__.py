"""Postgres: connections, the unit of work, the outbox, migrations."""
