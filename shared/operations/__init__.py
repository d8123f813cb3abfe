"""What the platform's operators see: the whole region at a glance, searches, dispatch decisions."""
