"""The law as dated data, and the gates that read it."""
