"""Processes are killed, for real, between any two steps; nothing may be lost or doubled."""
