"""What only developers run: the generated docs, and whether tables and migrations agree. It is not installed."""
