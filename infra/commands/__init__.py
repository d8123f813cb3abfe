"""The commands of `cloudrun`, a file for each topic. Each command loads only what it needs."""
