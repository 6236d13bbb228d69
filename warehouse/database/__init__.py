"""The connection: engines, one writer at a time, bulk loading."""
