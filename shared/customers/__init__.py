"""What a customer keeps here, its addresses and its orders, and how all of it is erased."""
