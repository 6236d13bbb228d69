"""The log of messages to units, and the lock of who sends them."""
