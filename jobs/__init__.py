"""One file is one Cloud Run job, also `cloudrun job NAME`."""
