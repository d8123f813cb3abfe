"""Messages between functions: published from the outbox, pushed to consumers, in order per key, at least once."""
