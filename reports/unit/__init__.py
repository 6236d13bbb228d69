"""The quality report of a unit."""
