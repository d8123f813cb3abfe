"""Everything around the functions: the one-machine runtime, the market that plays on it, documents made from declarations."""
