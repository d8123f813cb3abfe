"""Test orders at whose door somebody stands who must be refused: planned by an administrator, known to operators alone."""
