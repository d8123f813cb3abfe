"""The web apps, and what they draw on."""
