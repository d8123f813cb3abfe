"""Chores that a scheduler calls."""
