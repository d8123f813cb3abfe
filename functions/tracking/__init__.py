"""Following an order while it is on its way."""
