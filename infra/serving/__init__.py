"""What a container runs: the functions that `FUNCTION_TARGET` names, in the flavour of the manifest."""
