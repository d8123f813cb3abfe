"""A witness that a third party runs: it cosigns the checkpoints of logs it knows, and never two histories of one."""
