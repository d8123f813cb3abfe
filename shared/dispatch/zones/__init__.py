"""Zones: where work is expected, where drivers are, what it costs when they do not match, and who might move.

cells       a region's H3 cells, and which of them a place is in
forecast    orders expected in the coming half hour
surge       the multiplier of the delivery fee
reposition  which idle drivers might go where
balance     each minute: read, apply these rules, write
snapshot    what a tick reads of it
"""
