"""Text rows: what was written in each field of each block, before types."""
