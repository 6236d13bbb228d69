"""Commands of the quarterly consolidation."""
