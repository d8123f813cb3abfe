"""The market of one machine on `PLATFORM=google`: the adapters of Google Cloud, on emulators of its services."""
