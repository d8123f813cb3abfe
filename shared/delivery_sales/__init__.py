"""Delivery sales of restricted goods: the record of each, kept in the vault for as long as the law asks, and monthly reports."""
