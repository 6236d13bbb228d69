"""The rule cards, grouped by what they look at."""
