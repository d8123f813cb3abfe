"""What compliance asks, in plain words. Each test is one scenario an auditor could read aloud."""
