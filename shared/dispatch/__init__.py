"""Dispatch: the pure engine, and around it what touches the world: tasks, offers, snapshots and loops."""
