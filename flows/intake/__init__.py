"""The inbox: which files came, from whom, and which are skipped."""
