"""The books: double entry, append-only, posted in the transaction of what they tell of."""
