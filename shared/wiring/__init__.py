"""The composition roots: each file builds one capability from the settings, on first use."""
