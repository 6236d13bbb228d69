"""Commands of the office's decisions."""
