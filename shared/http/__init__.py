"""From an HTTP request to a function of the business, and back."""
