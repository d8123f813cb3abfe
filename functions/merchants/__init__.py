"""What a merchant does: apply, file permits, run stores and their products, serve orders."""
