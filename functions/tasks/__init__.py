"""What a driver does for an order, step by step."""
