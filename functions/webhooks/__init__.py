"""What vendors tell the platform."""
