"""The library under every function and job: one package per concept, arrows pointing down to `kernel`."""
