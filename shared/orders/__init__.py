"""An order's life, from the cart's price to delivery or return."""
