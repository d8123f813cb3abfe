"""Permits of merchants and documents of drivers: filed, reviewed, reminded of, expired; and violations, which endanger permits."""
