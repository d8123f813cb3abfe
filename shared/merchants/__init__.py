"""Who sells: merchants and their permits, stores and their hours, products and what may be sold where."""
