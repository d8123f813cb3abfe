"""Files that outlive the system: written once, never changed, kept for as long as the law asks."""
