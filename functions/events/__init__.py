"""Consumers of order and driver events."""
