"""Submissions, their judgements, and which of them is current for a unit."""
