"""What anyone may look at before ordering."""
