"""Views as open data."""
