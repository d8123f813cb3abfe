"""Onfido on one machine: applicants, workflow runs, signed webhooks (API v3.6)."""
