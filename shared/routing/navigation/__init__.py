"""A way over the network as a driver follows it: what it is made of, its line, and what to do at each junction."""
