"""A market of simulated people. They know the product only by its HTTP interface and the clock."""
