"""Vendors stood in for on this machine: their real SDKs talk to them unchanged."""
