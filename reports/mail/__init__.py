"""Letters and messages."""
