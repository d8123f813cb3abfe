"""What a process tells of itself: the trace it works on, its log lines, its spans and measurements."""
