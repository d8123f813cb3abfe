"""One file is one endpoint is one deployable function."""
