"""Money on hold, captured or given back, through a processor behind a port."""
