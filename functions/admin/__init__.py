"""What the platform's own people do and see."""
