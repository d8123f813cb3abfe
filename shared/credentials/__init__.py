"""Permits of merchants and documents of drivers: filed, reviewed, reminded of, expired."""
