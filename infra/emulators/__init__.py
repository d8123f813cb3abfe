"""Emulators of managed services, for machines without them: what a real client library talks to in their place."""
