"""Drivers: their papers, when they may work, and where they are."""
