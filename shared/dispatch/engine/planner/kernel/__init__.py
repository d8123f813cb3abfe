"""The planner's inner loop as machine code: arrays in, arrays changed in place.

A tour is a row of arrays, from the vehicle's start to its end, with what makes the price and the feasibility of an insertion
quick to tell. A search step takes neighbouring requests out and puts each back where it is cheapest.
"""
