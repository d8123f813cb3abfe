"""What vendors tell of their own accord."""
