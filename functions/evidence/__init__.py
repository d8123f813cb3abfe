"""An order's dossier and its verification."""
