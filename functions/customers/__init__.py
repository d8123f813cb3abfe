"""What a customer keeps: addresses, orders, and the right to be forgotten."""
