"""What people may ask of us about themselves: to see everything, and to be forgotten; and legal holds, which stop that."""
