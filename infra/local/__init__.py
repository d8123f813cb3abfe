"""The one-machine runtime: Postgres, gateway, scheduler and workers."""
