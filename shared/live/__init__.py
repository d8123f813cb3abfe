"""What clients watch: the latest documents, and the changes that streams replay. A projection, never the truth."""
